"""Fetching an address: where it may lead, how long it may take, how much it may send."""

import gzip
import time

import pytest

from almanac.sources.base import fetching


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.1.2.3", "192.168.0.4", "169.254.169.254", "::1", "fe80::1", "fd00::1",
     "::ffff:10.0.0.1", "0.0.0.0", "224.0.0.1", "100.64.0.1", "2002:0a00:0001::1",
     "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "::7f00:1", "fec0::1", "240.0.0.1"],
)  # fmt: skip
def test_private_networks_are_not_public(number):
    assert not fetching.is_public(number)


def test_public_ones_are():
    assert fetching.is_public("93.184.215.14")
    assert fetching.is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


@pytest.mark.parametrize("address", ["ftp://x.org/a", "file:///etc/passwd", "https://", "x", ""])
def test_other_addresses_are_refused(address):
    with pytest.raises(fetching.UnreachableError, match="begins with https"):
        fetching.checked(address)


def test_webcal_is_https():
    assert fetching.checked("webcal://x.org/c.ics") == "https://x.org/c.ics"


class Server:
    """A real server on this machine; the check of addresses is told to let it pass."""

    def __init__(self, answers):
        import http.server
        import threading

        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append((self.path, dict(self.headers)))
                status, headers, body = answers[self.path]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for piece in body:
                        self.wfile.write(piece)
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def server(monkeypatch):
    made = []

    def start(answers):
        real = fetching.is_public
        monkeypatch.setattr(fetching, "is_public", lambda n: n == "127.0.0.1" or real(n))
        made.append(Server(answers))
        return made[-1]

    yield start
    for one in made:
        one.server.shutdown()
        one.server.server_close()


def test_a_calendar_is_fetched_once_and_then_only_if_it_changed(server):
    one = server({
        "/c": (302, {"Location": "/d"}, []),
        "/d": (200, {"ETag": '"7"', "Last-Modified": "Mon"}, [b"BEGIN:VCALENDAR"]),
        "/same": (304, {}, []),
    })  # fmt: skip
    got = fetching.fetch(f"{one.base}/c")
    assert (got.data, got.etag) == (b"BEGIN:VCALENDAR", '"7"')
    assert fetching.fetch(f"{one.base}/same", etag='"7"', modified="Mon") is None
    headers = one.asked[-1][1]
    assert headers["If-None-Match"] == '"7"'
    assert headers["Host"].startswith("127.0.0.1:")


def test_redirects_into_a_private_network_are_not_followed(server):
    one = server({
        "/a": (302, {"Location": "http://169.254.169.254/latest/meta-data"}, []),
        "/loop": (302, {"Location": "/loop"}, []),
        "/file": (302, {"Location": "file:///etc/passwd"}, []),
        "/gone": (404, {}, []),
    })  # fmt: skip
    for path, why in (
        ("/a", "private network"), ("/loop", "address to address"), ("/file", "begins with"),
        ("/gone", "answered 404"),
    ):  # fmt: skip
        with pytest.raises(fetching.UnreachableError, match=why):
            fetching.fetch(one.base + path)


def test_too_much_is_cut_off(server, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 100_000)
    one = server({"/big": (200, {}, [b"x" * 50_000] * 40)})
    with pytest.raises(fetching.UnreachableError, match="sends more than"):
        fetching.fetch(f"{one.base}/big")


def test_silence_ends(server, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.3)

    def slow():
        time.sleep(2)
        yield b"late"

    one = server({"/slow": (200, {}, slow())})
    with pytest.raises(fetching.UnreachableError, match="did not answer"):
        fetching.fetch(f"{one.base}/slow")


def test_a_name_inside_a_private_network_is_refused():
    with pytest.raises(fetching.UnreachableError, match="private network"):
        fetching.fetch("http://localhost:1/c.ics")
    with pytest.raises(fetching.UnreachableError, match="no address"):
        fetching.fetch("http://nowhere.invalid/c.ics")


def dripping(data, seconds=0.1):
    for number in range(len(data)):
        yield data[number : number + 1]
        time.sleep(seconds)


def test_a_server_that_drips_is_left_after_the_whole_time(server, monkeypatch):
    monkeypatch.setattr(fetching, "WHOLE", 0.5)
    one = server({"/body": (200, {"Content-Length": "1000"}, dripping(b"a" * 100))})
    with pytest.raises(fetching.UnreachableError, match="more than a minute"):
        fetching.fetch(f"{one.base}/body")


def test_headers_that_drip_are_left_after_the_whole_time(monkeypatch):
    import socket
    import threading

    monkeypatch.setattr(fetching, "WHOLE", 0.5)
    monkeypatch.setattr(fetching, "is_public", lambda _number: True)
    listening = socket.create_server(("127.0.0.1", 0))

    def answer():
        connection, _ = listening.accept()
        with connection:
            connection.recv(4000)
            try:
                for piece in dripping(b"HTTP/1.1 200 OK\r\n" + b"X-A: y\r\n" * 20):
                    connection.sendall(piece)
            except OSError:
                pass

    threading.Thread(target=answer, daemon=True).start()
    began = time.monotonic()
    with listening, pytest.raises(fetching.UnreachableError, match="more than a minute"):
        fetching.fetch(f"http://127.0.0.1:{listening.getsockname()[1]}/")
    assert time.monotonic() - began < 30


def test_one_layer_of_gzip_is_unpacked_and_bounded(server, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_BYTES", 100_000)
    packed = {"Content-Encoding": "gzip"}
    nested = gzip.compress(gzip.compress(b"0" * 10_000_000))
    one = server({
        "/good": (200, packed, [gzip.compress(b"BEGIN:VCALENDAR" * 10)]),
        "/bomb": (200, packed, [gzip.compress(b"0" * 10_000_000)]),
        "/nested": (200, {"Content-Encoding": "gzip, gzip"}, [nested]),
        "/odd": (200, packed, [b"no gzip at all"]),
    })  # fmt: skip
    assert fetching.fetch(f"{one.base}/good").data == b"BEGIN:VCALENDAR" * 10
    for path, why in (("/bomb", "sends more"), ("/nested", "not read"), ("/odd", "unpacked")):
        with pytest.raises(fetching.UnreachableError, match=why):
            fetching.fetch(one.base + path)


def test_letters_beyond_ascii_are_asked_for_as_addresses_are(server):
    one = server({"/caf%C3%A9?q=a%20b": (200, {}, [b"x"])})
    assert fetching.fetch(f"{one.base}/café?q=a b".replace(" ", "%20")).data == b"x"
