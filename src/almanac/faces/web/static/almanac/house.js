// The little that needs a script: `n` to capture and `/` to search anywhere, and files dropped on the import page.
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
  if (event.key === "/" && plain && !typing(event.target)) {
    event.preventDefault();
    const field = document.querySelector("main [role=search] input, main input#words");
    if (field) field.focus();
    else document.querySelector("[data-search]")?.click();
  }
  // Up and down go through what was found, from the field that it was searched with.
  const found = [...document.querySelectorAll("[data-results] a:not(small a, h2 a)")];
  if (/^Arrow(Down|Up)$/.test(event.key) && plain && found.length) {
    const at = found.indexOf(document.activeElement);
    const next = at + (event.key === "ArrowDown" ? 1 : -1);
    if (at >= 0 || event.target.matches("[role=search] input:not([type=date])")) {
      event.preventDefault();
      if (next < 0) document.querySelector("[role=search] input").focus();
      else found[Math.min(next, found.length - 1)].focus();
    }
  }
  // A queue is answered by one key, from its first pair on.
  const answer = plain && !typing(event.target) && document.querySelector(`[data-answers] [data-answer="${CSS.escape(event.key)}"]`);
  if (answer) {
    event.preventDefault();
    answer.form.requestSubmit(answer);
  }
  const keys = document.querySelector(".keys");
  if (event.key === "?" && keys && !typing(event.target)) {
    event.preventDefault();
    keys.open = !keys.open;
    if (keys.open) keys.querySelector("summary").focus();
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

// A chip that fills a field of its form, and the form of one fact that Escape closes again.
document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-fills]");
  if (chip) {
    chip.form.elements[chip.dataset.fills].value = chip.dataset.value;
    chip.remove();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest(".inplace")) {
    event.target.closest(".inplace").querySelector("[data-leaves]").click();
  }
});
document.addEventListener("htmx:afterSwap", (event) => {
  document.querySelector(".inplace input:not([type=hidden]), .inplace select, .inplace textarea")?.focus();
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

// The board: drag a card to another column, or move it with [ and ] from its title. The buttons on
// each card do the same without a script.
const board = document.querySelector("[data-board]");
if (board) {
  document.querySelector("[data-hint]")?.removeAttribute("hidden");
  let held = null;
  const send = (card, status) => {
    const button = card.querySelector("form.moves button");
    button.value = status;
    button.form.requestSubmit(button);
  };
  board.querySelectorAll("[data-card]").forEach((card) => {
    card.draggable = true;
    card.addEventListener("dragstart", (event) => {
      held = card;
      card.classList.add("held");
      event.dataTransfer.setData("text/plain", card.dataset.card);
      event.dataTransfer.effectAllowed = "move";
    });
    card.addEventListener("dragend", () => {
      card.classList.remove("held");
      held = null;
    });
    card.addEventListener("keydown", (event) => {
      const way = { "[": "back", "]": "on" }[event.key];
      const button = way && card.querySelector(`[data-move="${way}"]`);
      if (button && !typing(event.target)) {
        event.preventDefault();
        button.form.requestSubmit(button);
      }
    });
  });
  board.querySelectorAll("[data-status]").forEach((column) => {
    const over = (yes) => (event) => {
      if (held) {
        event.preventDefault();
        column.classList.toggle("target", yes);
      }
    };
    column.addEventListener("dragover", over(true));
    column.addEventListener("dragleave", over(false));
    column.addEventListener("drop", (event) => {
      over(false)(event);
      if (held && held.closest("[data-status]") !== column) {
        send(held, column.dataset.status);
      }
    });
  });
}
