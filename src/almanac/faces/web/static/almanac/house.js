// The little that needs a script: `n` to capture anywhere, and files dropped on the import page.
// Every page works without it.
const dialog = document.getElementById("capture-dialog");
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

function openCapture() {
  const inline = document.querySelector("main .capture textarea");
  if (inline) {
    inline.focus();
    inline.scrollIntoView({ block: "center" });
  } else if (dialog && !dialog.open) {
    dialog.showModal();
    dialog.querySelector("textarea").focus();
  }
}

document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "n" && plain && !typing(event.target) && !(dialog && dialog.open)) {
    event.preventDefault();
    openCapture();
  }
  // One line is written down by Enter; Shift+Enter begins another.
  if (event.key === "Enter" && !event.shiftKey && event.target.matches(".capture textarea")) {
    if (!event.target.value.includes("\n")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  }
});

document.querySelectorAll("[data-opens-capture]").forEach((link) => {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    openCapture();
  });
});

document.querySelectorAll("[data-closes]").forEach((button) => {
  button.addEventListener("click", () => button.closest("dialog").close());
});

document.querySelectorAll(".drop").forEach((area) => {
  const input = area.querySelector("input[type=file]");
  const over = (yes) => (event) => {
    event.preventDefault();
    area.classList.toggle("over", yes);
  };
  area.addEventListener("dragover", over(true));
  area.addEventListener("dragleave", over(false));
  area.addEventListener("drop", (event) => {
    over(false)(event);
    input.files = event.dataTransfer.files;
  });
});

// A form that takes a while says so, and cannot be sent twice.
document.querySelectorAll("form[data-working]").forEach((form) => {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit], button:not([type])");
    if (button) {
      button.disabled = true;
      button.textContent = form.dataset.working;
    }
  });
});
