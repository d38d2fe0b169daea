/* The residents' door, a little smoother. Every page works without this file. */
(function () {
  "use strict";
  var html = document.documentElement, taken = [], urls = [];
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

  /* Photographs: 1600 px, quality 0.8; place and camera stay on the telephone. */
  function shrink(file, done) {
    var image = new Image(), url = URL.createObjectURL(file);
    image.onload = function () {
      var k = Math.min(1, 1600 / Math.max(image.naturalWidth, image.naturalHeight)), canvas = document.createElement("canvas");
      canvas.width = Math.round(image.naturalWidth * k);
      canvas.height = Math.round(image.naturalHeight * k);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(url);
      canvas.toBlob(function (blob) {
        done(blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file);
      }, "image/jpeg", 0.8);
    };
    image.onerror = function () { URL.revokeObjectURL(url); done(file); };
    image.src = url;
  }
  function show(box) {
    var most = +box.getAttribute("data-most"), inputs = box.querySelectorAll("input[type=file]"), list = new DataTransfer();
    each(".thumb", function (old) { old.parentNode.removeChild(old); }, box);
    urls.splice(0).forEach(URL.revokeObjectURL);
    taken.forEach(function (file, n) {
      var thumb = document.createElement("div"), image = new Image(), off = document.createElement("button");
      list.items.add(file);
      urls.push(image.src = URL.createObjectURL(file));
      image.alt = file.name;
      thumb.className = "thumb";
      off.type = "button";
      off.setAttribute("aria-label", box.getAttribute("data-remove") + " " + (n + 1));
      off.onclick = function () { taken.splice(n, 1); show(box); inputs[0].focus(); };
      thumb.appendChild(image);
      thumb.appendChild(off);
      inputs[0].parentNode.parentNode.insertBefore(thumb, inputs[0].parentNode);
    });
    inputs[0].value = "";
    inputs[1].files = list.files;
    each(".shot", function (shot) { shot.classList.toggle("shot--full", taken.length >= most); }, box);
  }
  function photos(box) {
    try { new DataTransfer().items.add(new File([""], "a")); } catch (old) { html.classList.remove("js"); return; }
    box.addEventListener("change", function (e) {
      var fresh = Array.prototype.slice.call(e.target.files || []).slice(0, +box.getAttribute("data-most") - taken.length), wait = fresh.length;
      fresh.forEach(function (file) {
        shrink(file, function (small) { taken.push(small); if (!--wait) show(box); });
      });
      if (!wait) show(box);
    });
    if (taken.length) show(box);
  }

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
    each("[data-photos]", photos);
    each("form[data-draft]", draft);
  }
  addEventListener("pageshow", function (e) {
    if (e.persisted) each("[aria-busy]", function (busy) { busy.removeAttribute("aria-busy"); });
  });
  begin();
})();
