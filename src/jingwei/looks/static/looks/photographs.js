/* Photographs go ahead: made smaller here, sent one by one under the SHA-256 of their bytes, tried again until they
   have arrived. The form names them, and its first field says what all its fields come to. Without this file, or
   where the page did not come over https, the form carries its photographs itself. */
(function () {
  "use strict";
  if (!window.crypto || !crypto.subtle || !window.TextEncoder || !HTMLCanvasElement.prototype.toBlob) return;
  const LONGEST = 1600, QUALITY = 0.8, WAITS = [1, 2, 4, 8, 15, 30], boxes = new WeakMap(), seen = new Map();
  const all = (what, root) => Array.from(root.querySelectorAll(what));
  document.documentElement.classList.add("sends");

  async function digest(bytes) {
    const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function plain(answer) { return /^text\/plain/.test(answer.getResponseHeader("Content-Type")) ? answer.responseText : ""; }

  /* 1600 px, quality 0.8; place, time and camera stay behind. */
  function shrink(file) {
    return new Promise((done, fail) => {
      const image = new Image(), url = URL.createObjectURL(file);
      image.onload = () => {
        const k = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight, 1)), canvas = document.createElement("canvas");
        canvas.width = Math.max(1, Math.round(image.naturalWidth * k));
        canvas.height = Math.max(1, Math.round(image.naturalHeight * k));
        const pen = canvas.getContext("2d");
        pen.fillStyle = "#fff";
        pen.fillRect(0, 0, canvas.width, canvas.height);
        pen.drawImage(image, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(url);
        try { canvas.toBlob((blob) => (blob ? done(blob) : fail()), "image/jpeg", QUALITY); } catch (tainted) { fail(); }
      };
      image.onerror = () => { URL.revokeObjectURL(url); fail(); };
      image.src = url;
    });
  }

  class Box {
    constructor(root) {
      this.root = root;
      this.words = root.dataset;
      this.items = [];
      this.waiters = [];
      this.inputs = all("input[type=file]", root);
      this.inputs.forEach((input) => input.removeAttribute("name"));
      all("input[type=checkbox]", root).forEach((box) => {
        this.add({ sha: box.value, state: "arrived" });
        box.parentNode.remove();
      });
      root.addEventListener("change", (e) => { if (e.target.type === "file") this.take(e.target); });
      this.draw();
    }

    say(words) { this.root.querySelector("[role=status]").textContent = words || ""; }

    take(input) {
      const files = Array.from(input.files), room = +this.words.most - this.items.length;
      input.value = "";
      this.say(files.length > room ? this.words.many : "");
      files.slice(0, room).forEach(async (file) => {
        const item = this.add({ state: "shrinking" });
        try {
          const blob = await shrink(file);
          item.sha = await digest(await new Response(blob).arrayBuffer());
          item.blob = blob;
        } catch (unread) {
          return this.drop(item, /hei[cf]/i.test(file.type + file.name) ? this.words.heic : this.words.unreadable);
        }
        if (this.items.some((other) => other !== item && other.sha === item.sha)) return this.drop(item);
        seen.set(item.sha, URL.createObjectURL(item.blob));
        item.state = "sending";
        this.draw();
        this.send();
      });
      this.draw();
    }

    add(item) {
      const thumb = item.thumb = document.createElement("div"), off = document.createElement("button");
      thumb.className = "thumb";
      thumb.innerHTML = '<img alt=""><progress max="1"></progress><span></span><input type="hidden">';
      off.type = "button";
      off.onclick = () => { this.drop(item); this.inputs[0].focus(); };
      thumb.append(off);
      this.items.push(item);
      const row = this.root.querySelector(".photos");
      row.insertBefore(thumb, row.querySelector(".shot"));
      return item;
    }

    drop(item, why) {
      this.items = this.items.filter((other) => other !== item);
      if (item.call) item.call.abort();
      item.thumb.remove();
      this.draw();
      this.say(why);
      this.settle();
    }

    draw() {
      this.items.forEach((item, n) => {
        const [image, bar, words, field, off] = item.thumb.children, url = seen.get(item.sha);
        if (url && image.src !== url) image.src = url;
        image.hidden = !url;
        bar.hidden = item.state !== "sending";
        if (item.share) bar.value = item.share; else bar.removeAttribute("value");
        words.textContent = this.words[item.state];
        item.thumb.className = "thumb thumb--" + item.state;
        field.name = item.state === "arrived" ? this.words.name + "_sha256" : "";
        field.value = item.sha || "";
        off.setAttribute("aria-label", this.words.remove + " " + (n + 1));
      });
      all(".shot", this.root).forEach((shot) => shot.classList.toggle("shot--full", this.items.length >= +this.words.most));
    }

    /* One after the other: a weak network carries one photograph whole sooner than three in part. */
    async send() {
      if (this.busy) return;
      this.busy = true;
      for (let item; this.root.isConnected && (item = this.items.find((one) => one.blob && one.state !== "arrived"));) {
        item.state = "sending";
        this.draw();
        const answer = await this.put(item), status = answer ? answer.status : 0;
        if (!this.items.includes(item)) continue;
        item.tries = (item.tries || 0) + 1;
        if (status === 200 || status === 201) item.state = "arrived";
        else if (status === 0 || status === 403 || status === 429 || (status >= 500 && status !== 507) || (/^40[08]$/.test(status) && item.tries < 4)) {
          item.state = "waiting";
          this.draw();
          this.settle(true);
          if (status) this.say(status === 403 ? this.words.gate : plain(answer));
          await this.pause(WAITS[Math.min(item.tries, WAITS.length) - 1]);
        } else this.drop(item, plain(answer) || this.words.unreadable);
        item.share = 0;
        this.draw();
      }
      this.busy = false;
      this.settle();
    }

    put(item) {
      return new Promise((done) => {
        const call = item.call = new XMLHttpRequest();
        call.open("PUT", this.words.photos + item.sha + "/");
        call.setRequestHeader("X-CSRFToken", this.root.closest("form").querySelector("[name=csrfmiddlewaretoken]").value);
        call.setRequestHeader("Content-Type", item.blob.type);
        call.timeout = 120000;
        call.upload.onprogress = (e) => { item.share = e.loaded / e.total; this.draw(); };
        call.onload = () => done(call);
        call.onerror = call.ontimeout = call.onabort = () => done(null);
        call.send(item.blob);
      });
    }

    pause(seconds) {
      return new Promise((go) => {
        const timer = setTimeout(go, seconds * 1000);
        this.hurry = () => { clearTimeout(timer); go(); };
      });
    }

    /* Whether all have arrived: known at once, or when the last has, or when one did not get through. */
    wait() {
      const under_way = this.items.some((item) => item.state !== "arrived");
      if (!under_way) return Promise.resolve(true);
      this.say(this.words.following);
      if (this.hurry) this.hurry();
      return new Promise((done) => this.waiters.push(done));
    }

    settle(failed) {
      if (!failed && this.items.some((item) => item.state !== "arrived")) return;
      const waiters = this.waiters.splice(0);
      if (waiters.length) this.say(failed ? this.words.stuck : "");
      waiters.forEach((done) => done(!failed));
    }
  }

  /* A form that begins with `record`: photographs first, then what all fields come to, then the form itself. */
  function written(form, button) {
    const fields = Array.from(new FormData(form));
    if (button.name) fields.push([button.name, button.value]);
    return fields.filter((field) => field[0] !== "record" && typeof field[1] === "string")
      .sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))
      .map((field) => encodeURIComponent(field[0]) + "=" + encodeURIComponent(field[1].replace(/\r\n?/g, "\n"))).join("&");
  }
  async function seal(form, record, button) {
    form.sealing = true;
    button.setAttribute("aria-busy", "true");
    const inside = all("[data-photos]", form).map((root) => boxes.get(root)).filter(Boolean);
    const through = (await Promise.all(inside.map((box) => box.wait()))).every(Boolean);
    if (through) record.value = await digest(new TextEncoder().encode(written(form, button)));
    await new Promise((go) => setTimeout(go)); // trap: a form pressed again while its submit event is under way is deaf
    form.sealing = false;
    button.removeAttribute("aria-busy");
    if (!through) { form.querySelector(".thumb--waiting,[data-photos]").scrollIntoView({ block: "center" }); return; }
    form.sealed = true;
    button.click();
    form.sealed = false;
  }
  document.addEventListener("submit", (e) => {
    const form = e.target, record = form.querySelector("input[name=record]"), button = e.submitter || form.querySelector("button:not([type=button])");
    if (!record || !button || form.sealed) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    if (!form.sealing) seal(form, record, button);
  }, true);

  function begin() { all("[data-photos]", document).forEach((root) => { if (!boxes.has(root)) boxes.set(root, new Box(root)); }); }
  new MutationObserver(begin).observe(document.body, { childList: true, subtree: true });
  addEventListener("online", () => all("[data-photos]", document).forEach((root) => { const box = boxes.get(root); if (box && box.hurry) box.hurry(); }));
  begin();
})();
