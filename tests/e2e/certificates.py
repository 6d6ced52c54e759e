"""Certificates for tests, made with openssl(1)."""
import subprocess


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)


NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class Authority:
    """A private CA below `folder`; its certificate is `certificate`."""

    def __init__(self, folder, name="test CA"):
        self.folder = folder / name.replace(" ", "-")
        self.folder.mkdir()
        self.certificate, self.key = self.folder / "ca.pem", self.folder / "ca.key"
        openssl("req", "-x509", *NEW_KEY, "-keyout", self.key, "-out", self.certificate,
                "-days", 30, "-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign")

    def issue(self, names, days=30):
        """(certificate, key) for these subject alternative names; `days=0` has expired."""
        stem = self.folder / f"server-{len(list(self.folder.iterdir()))}"
        certificate, key = stem.with_suffix(".pem"), stem.with_suffix(".key")
        request, extensions = stem.with_suffix(".csr"), stem.with_suffix(".ext")
        openssl("req", *NEW_KEY, "-keyout", key, "-out", request, "-subj", "/CN=server")
        extensions.write_text("subjectAltName=" + ",".join(names) + "\n")
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                "-CAcreateserial", "-days", days, "-extfile", extensions, "-out", certificate)
        return certificate, key
