"""What a browser sees that may not come in: what is the matter, and how to come in.

It is one page with one stylesheet, and tells nothing of what is behind the door.
"""

from __future__ import annotations

STYLE_PATH = "/way-in.css"
STYLE = """\
:root { color-scheme: light dark; background: light-dark(#f6f6f4, #111110); }
body {
  display: grid;
  min-height: 100dvh;
  margin: 0;
  place-items: center;
  color: light-dark(#1a1a19, #f0f0ee);
  font: 0.9375rem/1.5 system-ui, sans-serif;
}
main {
  box-sizing: border-box;
  max-width: 32rem;
  margin: 1rem;
  padding: 1.5rem;
  border: 1px solid light-dark(#deded9, #2f2f2d);
  border-radius: 14px;
  background: light-dark(#ffffff, #1a1a19);
}
h1 { margin: 0; font-size: 1.375rem; }
p { margin: 0.75rem 0 0; }
code { font-family: ui-monospace, monospace; }
.more { color: light-dark(#5c5c57, #a6a6a0); }
"""
PAGE = f"""\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rushes is locked</title>
<link rel="stylesheet" href="{STYLE_PATH}">
<main>
<h1>This studio is locked</h1>
<p>Open the address that <code>rushes studio</code> printed where it was started. It holds the
access token, and this browser then knows the way.</p>
<p class="more">If that window is gone, end the studio and start it again: it prints the address,
and opens it in the browser. Once the browser has been closed, the address is needed again.</p>
</main>
</html>
"""
