"""The daemon behind Debian's nginx, configured as `deploy/nginx.conf` is: with TLS, below a path."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode, urljoin

import httpx
import pytest

from tests.acceptance.harness import ROOT, FeedServer, House, wait_for

HOST, BASE_URL = "news.example.org", "https://news.example.org/wire"
TOKEN = "a-token-of-nadia's-own"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
REPORT = (
    "The observatory on Mount Moussala counted more cosmic particles in November than in any month since "
    "2009. Its director said that two storms on the sun were the cause. The station lies at 2,925 metres."
)
MAIN = """\
{user}
pid nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    include site.conf;
}}
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed"),
]


class Nginx:
    """An nginx of the test's own, in front of the daemon. `strips` has it take the path off."""

    def __init__(self, folder: Path, daemon_url: str, *, strips: bool) -> None:
        folder.mkdir()
        self.port, plain_port = _free_ports(2)
        certificate, key = folder / "certificate.pem", folder / "key.pem"
        _make_certificate(certificate, key)
        site = (ROOT / "deploy/nginx.conf").read_text("utf-8")
        for written, here in {
            "127.0.0.1:8000": daemon_url.removeprefix("http://"),
            "listen 80": f"listen 127.0.0.1:{plain_port}",
            "listen 443": f"listen 127.0.0.1:{self.port}",
            f"/etc/letsencrypt/live/{HOST}/fullchain.pem": str(certificate),
            f"/etc/letsencrypt/live/{HOST}/privkey.pem": str(key),
            "proxy_pass http://aggregator;": f"proxy_pass http://aggregator{'/' if strips else ''};",
        }.items():
            assert written in site, f"deploy/nginx.conf has no {written}"
            site = site.replace(written, here)
        (folder / "site.conf").write_text(site, "utf-8")
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(MAIN.format(user=user), "utf-8")
        self._log = folder / "error.log"
        self._process = subprocess.Popen(
            [str(NGINX), "-p", folder, "-c", "nginx.conf", "-e", self._log, "-g", "daemon off;"]
        )
        wait_for(self._listens)

    def _listens(self) -> bool:
        assert self._process.poll() is None, self._log.read_text("utf-8")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)


def _free_ports(count: int) -> list[int]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in taken]
    for each in taken:
        each.close()
    return ports


def _make_certificate(certificate: Path, key: Path) -> None:
    options = f"-nodes -days 2 -subj /CN={HOST} -addext subjectAltName=DNS:{HOST}".split()
    subprocess.run(
        ["openssl", "req", "-x509", *options, "-out", str(certificate), "-keyout", str(key)],
        check=True,
        capture_output=True,
    )


@pytest.fixture(params=[False, True], ids=["path kept", "path taken off"])
def site(
    request: pytest.FixtureRequest, house: House, server: FeedServer, tmp_path: Path
) -> Iterator[httpx.Client]:
    """A browser at the public address of a daemon with one story of two items."""
    for name in ("one", "two"):
        report = {"guid": name, "link": f"https://{name}.example/1", "text": REPORT}
        server.put_rss(f"/{name}", [{**report, "title": f"Storms on the sun, {name}"}])
    digest = sha256(TOKEN.encode()).hexdigest()
    house.write_config(
        {"one": "/one", "two": "/two"},
        more=f'server: {{proxies: [127.0.0.1/32], users: [{{name: nadia, token: "sha256:{digest}"}}]}}\n',
    )
    text = house.config.read_text("utf-8")
    house.configure(text.replace("/feeds}", f'/feeds, base_url: "{BASE_URL}"}}'))
    house.start()
    house.wait_for_change("one-en")
    house.wait_for_change("two-en")
    nginx = Nginx(tmp_path / "nginx", house.address(), strips=request.param)
    trust = ssl.create_default_context(cafile=str(tmp_path / "nginx/certificate.pem"))
    with httpx.Client(
        base_url=f"https://127.0.0.1:{nginx.port}",
        headers={"host": HOST, "accept-encoding": "gzip"},
        verify=trust,
        timeout=30,
    ) as client:
        client.event_hooks["request"] = [_name_the_host]
        yield client
    nginx.close()


def _name_the_host(request: httpx.Request) -> None:
    """TLS for the name of the certificate, whatever address is connected to."""
    request.extensions["sni_hostname"] = HOST


def _post(site: httpx.Client, fields: dict[str, str], **headers: str) -> httpx.Response:
    return site.post(
        "/wire/decisions", data=fields, headers={"Origin": f"https://{HOST}", **headers}
    )


def test_every_link_of_the_site_leads_somewhere_below_its_path(site: httpx.Client) -> None:
    waiting, seen = ["/wire/"], {"/wire/"}
    while waiting:
        path = waiting.pop()
        answer = site.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        if answer.headers["content-type"].startswith("text/html"):
            for link in re.findall(r'(?:href|src|action)="(/[^"#]*)', answer.text):
                assert link.startswith("/wire/"), f"{link} in {path}"
                address = link.replace("&amp;", "&")
                if address not in seen:
                    seen.add(address)
                    waiting.append(address)

    assert any(path.startswith("/wire/stories/") for path in seen)
    assert "/wire/merged.rss" in seen


def test_redirects_keep_to_the_public_address(site: httpx.Client) -> None:
    for asked, leads_to in {"/wire": "/wire/", "/wire/agencies/": "/wire/agencies"}.items():
        answer = site.get(asked)
        assert answer.status_code in {301, 308}
        assert urljoin(BASE_URL, answer.headers["location"]).endswith(leads_to)
        assert site.get(leads_to).status_code == 200


def test_feeds_name_the_public_address_and_are_asked_conditionally(site: httpx.Client) -> None:
    first = site.get("/wire/merged.json")
    again = site.get("/wire/merged.json", headers={"if-none-match": first.headers["etag"]})

    assert first.headers["content-encoding"] == "gzip"
    assert first.json()["feed_url"] == f"{BASE_URL}/merged.json"
    assert again.status_code == 304


def test_a_person_with_a_token_decides_and_nobody_else(site: httpx.Client, house: House) -> None:
    (item, _) = house.json("stories")["stories"][0]["items"]
    assert house.run("split", item["id"]).returncode == 0
    page = wait_for(lambda: _page_with_form(site))
    fields = {
        "form_token": _value(page, "form_token"),
        "action": "undo",
        "decision": _value(page, "decision"),
    }

    nobody = _post(site, fields)
    spoofed = _post(site, fields, **{"X-Forwarded-For": "127.0.0.1"})
    assert [nobody.status_code, spoofed.status_code] == [401, 401]
    assert len(house.json("stories")["stories"]) == 2

    site.auth = ("nadia", TOKEN)
    foreign = _post(site, fields, Origin="https://elsewhere.example")
    assert foreign.status_code == 403
    assert len(house.json("stories")["stories"]) == 2

    undone = _post(site, fields)
    assert (undone.status_code, undone.headers["location"]) == (303, "/wire/decisions")
    wait_for(lambda: len(site.get("/wire/merged.json").json()["items"]) == 1)

    split = _post(site, {**fields, "action": "split", "item": item["id"], "reason": "Two storms"})
    assert split.headers["location"].startswith("/wire/stories/")
    wait_for(lambda: len(site.get("/wire/merged.json").json()["items"]) == 2)
    text = site.get("/wire/decisions").text
    assert "<strong>nadia</strong>" in text
    assert "Two storms" in text


def _page_with_form(site: httpx.Client) -> str:
    text = site.get("/wire/decisions").text
    return text if "<form" in text else ""


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, f"{name} in no form"
    return found[1]


def test_a_form_that_is_too_large_is_refused(site: httpx.Client) -> None:
    answer = site.post("/wire/decisions", content=urlencode({"reason": "x" * 70_000}).encode())

    assert answer.status_code == 413
