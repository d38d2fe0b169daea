"""The browser that the tests drive."""

import os
import shutil
import subprocess

from jingwei.cli.refusal import Refusal

LIGHT = "chromium-headless-shell"
"""Chromium without a window to draw: the same engine, at 31 seconds of processor time where the whole takes 76."""
NAMES = (LIGHT, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = (LIGHT, "fonts-noto-cjk")


def chromium() -> str | None:
    """The Chromium of this machine; JINGWEI_CHROMIUM names another."""
    return os.environ.get("JINGWEI_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def make_sure() -> None:
    """Install the light Chromium where we may (root on Debian); without any, refuse with the line that installs it."""
    if os.environ.get("JINGWEI_CHROMIUM") or shutil.which(LIGHT):
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES]
    if os.getuid() == 0 and shutil.which("apt-get"):
        print(f"安装浏览器…… · Installing the browser: {' '.join(install)}", flush=True)
        subprocess.run(["apt-get", "update"], stdout=subprocess.DEVNULL)
        subprocess.run(install, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
    if not chromium():
        raise Refusal(
            "浏览器测试需要 Chromium：sudo " + " ".join(install) + "；或者加 --without-browser。\n"
            "The browser tests need Chromium: sudo " + " ".join(install) + "; or add --without-browser."
        )
