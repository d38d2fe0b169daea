/* The residents' door, a little smoother. Every page works without this file. */
(function () {
  "use strict";
  var html = document.documentElement;
  html.classList.add("js");
  function each(what, act, root) { Array.prototype.forEach.call((root || document).querySelectorAll(what), act); }

  /* Large type at once, so that nothing typed is lost. */
  document.addEventListener("submit", function (e) {
    var form = e.target;
    if (form.hasAttribute("data-size-switch")) {
      e.preventDefault();
      var big = html.getAttribute("data-size") !== "elder";
      html.setAttribute("data-size", big ? "elder" : "standard");
      document.cookie = "size=" + (big ? "elder" : "standard") + ";path=/;max-age=31536000;samesite=lax";
    } else if (form.hasAttribute("data-send")) send(e, form);
  });

  /* What was typed survives a reload of this tab; a telephone number is never kept. */
  function draft(form) {
    var key = "draft:" + form.getAttribute("data-draft"), kept = {};
    function fields() {
      return Array.prototype.filter.call(form.elements, function (f) { return f.name && !/^(hidden|file|password|tel|submit)$/.test(f.type); });
    }
    try { kept = JSON.parse(sessionStorage.getItem(key)) || {}; } catch (none) { /* begin afresh */ }
    fields().forEach(function (f) {
      if (!(f.name in kept)) return;
      if (/radio|checkbox/.test(f.type)) f.checked = kept[f.name].indexOf(f.value) >= 0;
      else if (!f.value) f.value = kept[f.name][0] || "";
    });
    form.addEventListener("input", function () {
      var now = {};
      fields().forEach(function (f) {
        now[f.name] = now[f.name] || [];
        if (!/radio|checkbox/.test(f.type) || f.checked) now[f.name].push(f.value);
      });
      try { sessionStorage.setItem(key, JSON.stringify(now)); } catch (full) { /* the form still holds it */ }
    });
  }

  /* Sent once, and kept on the page if the network fails. */
  function send(e, form) {
    var button = e.submitter || form.querySelector("[type=submit]"), words = button && button.innerHTML;
    if (form.hasAttribute("aria-busy")) return e.preventDefault();
    form.setAttribute("aria-busy", "true");
    if (!window.fetch || !window.DOMParser || !button) return;
    e.preventDefault();
    var data = new FormData(form);
    if (button.name) data.append(button.name, button.value);
    button.setAttribute("aria-busy", "true");
    button.textContent = form.getAttribute("data-busy") || words;
    function again() {
      form.removeAttribute("aria-busy");
      button.removeAttribute("aria-busy");
      button.innerHTML = words;
    }
    fetch(form.action, { method: "POST", body: data, credentials: "same-origin" }).then(function (answer) {
      if (answer.redirected) {
        try { sessionStorage.removeItem("draft:" + form.getAttribute("data-draft")); } catch (none) { /* nothing kept */ }
        location.href = answer.url;
        return;
      }
      if (answer.status >= 500) throw answer;
      return answer.text().then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html"), main = page.querySelector("main");
        if (!main) throw answer;
        document.querySelector("main").innerHTML = main.innerHTML;
        begin();
        var wrong = document.getElementById("errors");
        if (wrong) { wrong.focus(); wrong.scrollIntoView(); }
      });
    }).catch(function () {
      again();
      each("[data-failed]", function (words) { words.hidden = false; words.scrollIntoView({ block: "center" }); });
    });
  }

  function begin() {
    each("form[data-draft]", draft);
  }
  addEventListener("pageshow", function (e) {
    if (e.persisted) each("[aria-busy]", function (busy) { busy.removeAttribute("aria-busy"); });
  });
  begin();
})();
