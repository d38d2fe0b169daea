/* The desk: keys, phrases, marking for a batch, toasts. Every page works without this file. */
(function () {
  "use strict";
  const html = document.documentElement;
  const one = (what, root = document) => root.querySelector(what);
  const all = (what, root = document) => Array.from(root.querySelectorAll(what));
  const seen = (element) => element.getClientRects().length > 0;
  html.classList.add("js");

  /* The menu of a telephone. Without this file its link leads to the navigation, which shows itself then. */
  const menu = one("[data-menu]"), navigation = one("#navigation");
  function unfold(open) {
    navigation.classList.toggle("is-open", open);
    menu.setAttribute("aria-expanded", open);
  }
  if (menu && navigation) {
    menu.setAttribute("role", "button");
    menu.setAttribute("aria-controls", "navigation");
    unfold(location.hash === "#navigation");
    menu.addEventListener("click", (e) => {
      e.preventDefault();
      unfold(!navigation.classList.contains("is-open"));
    });
    menu.addEventListener("keydown", (e) => { if (e.key === " ") { e.preventDefault(); menu.click(); } });
  }

  /* Keys. They follow the place on the keyboard (e.code), so that a Chinese input method does not
     change them, and they can be switched off (WCAG 2.1.4). */
  const keysAreOn = () => localStorage.getItem("keys") !== "off";
  const typing = (e) => e.isComposing || e.target.matches("input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable]");

  function showKeySetting() {
    html.dataset.keys = keysAreOn() ? "on" : "off";
    all("[data-keys-switch]").forEach((box) => { box.checked = keysAreOn(); });
  }

  function go(step) {
    const rows = all("[data-row]").filter(seen);
    if (!rows.length) return;
    const here = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
    const next = rows[Math.max(0, Math.min(rows.length - 1, here < 0 ? 0 : here + step))];
    choose(next);
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    next.click();
  }

  function choose(row) {
    all("[data-row]").forEach((other) => {
      const is = other === row;
      other.closest(".row").classList.toggle("is-current", is);
      if (is) other.setAttribute("aria-current", "true"); else other.removeAttribute("aria-current");
    });
  }

  function mark() {
    const box = one(".row.is-current [data-pick]");
    if (box) { box.checked = !box.checked; countMarked(); }
  }

  function act(code) {
    const target = all(`[data-key="${code}"]`).filter((e) => (seen(e) || e.closest(".more")) && !e.disabled).pop();
    if (!target) return false;
    target.closest(".more:not([open])")?.setAttribute("open", "");
    target.click();
    const form = target.matches("summary") && one("textarea,select,input:not([type=hidden])", target.parentNode);
    if (form && target.parentNode.open) form.focus();
    return true;
  }

  const general = { KeyJ: () => go(1), KeyK: () => go(-1), KeyX: mark };

  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && e.target.closest("details[open]")) {
      const open = e.target.closest("details[open]");
      open.open = false;
      one("summary", open).focus();
      return;
    }
    if (!keysAreOn() || typing(e) || e.ctrlKey || e.altKey || e.metaKey || one("dialog[open]")) return;
    if (e.code === "Slash") {
      e.preventDefault();
      if (e.shiftKey) openDialog("keys"); else one("[data-search]")?.focus();
    } else if (e.shiftKey) {
      return;
    } else if (general[e.code]) {
      e.preventDefault();
      general[e.code]();
    } else if (act(e.code)) {
      e.preventDefault();
    }
  });

  /* Help lists the keys of this very page. */
  function openDialog(id) {
    const dialog = document.getElementById(id);
    const list = one("[data-keylist]", dialog);
    if (list) {
      all("[data-found]", list).forEach((old) => old.remove());
      const listed = new Set();
      all("[data-key]").filter(seen).forEach((e) => {
        const cap = e.getAttribute("aria-keyshortcuts");
        if (!cap || listed.has(cap) || cap === "U") return;
        listed.add(cap);
        const item = document.createElement("li");
        const key = document.createElement("kbd");
        item.dataset.found = "";
        key.className = "k";
        key.textContent = cap;
        const words = one(".suggest__words b", e) || e;
        item.append(key, Array.from(words.childNodes).filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join(" ") || e.title);
        list.append(item);
      });
    }
    dialog.showModal();
  }

  /* Phrases go in where the cursor stood. */
  function insert(button) {
    const field = document.getElementById(button.dataset.into);
    field.setRangeText(button.dataset.phrase, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  /* Marking for a batch. */
  function countMarked() {
    const boxes = all("[data-pick]"), marked = boxes.filter((box) => box.checked).length;
    all("[data-batch]").forEach((bar) => { bar.hidden = !marked; });
    all("[data-picked]").forEach((n) => { n.textContent = marked; });
    all("[data-pick-all]").forEach((box) => {
      box.checked = marked > 0 && marked === boxes.length;
      box.indeterminate = marked > 0 && marked < boxes.length;
    });
  }

  function switchSize(form) {
    const size = html.dataset.size === "elder" ? "standard" : "elder";
    html.dataset.size = size;
    document.cookie = `size=${size};path=/;max-age=31536000;samesite=lax`;
    one("button", form).value = size === "elder" ? "standard" : "elder";
  }

  const onClick = [
    ["[data-opens]", (e) => openDialog(e.dataset.opens)],
    ["[data-closes]", (e) => e.closest("dialog").close()],
    ["[data-dismiss]", (e) => e.closest(".toast").remove()],
    ["[data-phrase]", insert],
    ["[data-print]", () => print()],
    ["[data-row]", (e) => choose(e)],
  ];
  document.addEventListener("click", (e) => {
    onClick.forEach(([what, then]) => { const hit = e.target.closest(what); if (hit) then(hit); });
    all("details.me[open]").forEach((menu) => { if (!menu.contains(e.target)) menu.open = false; });
    if (e.target.matches("summary.btn, summary.btn *")) {
      const mine = e.target.closest("details.act");
      all("details.act[open]").forEach((other) => { if (!other.contains(mine)) other.open = false; });
    }
  });
  document.addEventListener("change", (e) => {
    if (e.target.matches("[data-pick-all]")) all("[data-pick]").forEach((box) => { box.checked = e.target.checked; });
    if (e.target.matches("[data-pick],[data-pick-all]")) countMarked();
    if (e.target.matches("[data-submits]")) e.target.form.requestSubmit();
    if (e.target.matches("[data-keys-switch]")) {
      localStorage.setItem("keys", e.target.checked ? "on" : "off");
      showKeySetting();
    }
  });

  /* A form is sent once. */
  document.addEventListener("submit", (e) => {
    if (e.target.hasAttribute("data-size-switch")) { e.preventDefault(); switchSize(e.target); return; }
    if (e.target.method !== "post") return;
    if (e.target.hasAttribute("aria-busy")) e.preventDefault();
    else if (!e.defaultPrevented) e.target.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", (e) => { if (e.persisted) all("form[aria-busy]").forEach((f) => f.removeAttribute("aria-busy")); });

  /* htmx: a case swapped in beside its queue; a queue that polls keeps its marks. */
  let marks = [];
  document.addEventListener("htmx:before:swap", () => {
    marks = all("[data-pick]:checked").map((box) => box.value);
  });
  document.addEventListener("htmx:after:swap", (e) => {
    document.body.classList.remove("desk-offline");
    all("[data-pick]").forEach((box) => { if (marks.includes(box.value)) box.checked = true; });
    countMarked();
    all("form[aria-busy]").forEach((f) => f.removeAttribute("aria-busy"));
    if (e.detail?.ctx?.target?.id === "case") {
      document.body.classList.add("shows-case");
      one(".case")?.scrollTo(0, 0);
    }
  });
  document.addEventListener("htmx:error", () => document.body.classList.add("desk-offline"));

  showKeySetting();
  countMarked();
})();
