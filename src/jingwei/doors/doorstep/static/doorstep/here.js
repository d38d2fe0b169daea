/* Where the telephone is: asked for only when the button is tapped, sent only with this report. */
(function () {
  "use strict";
  document.addEventListener("click", function (e) {
    var button = e.target.closest && e.target.closest("[data-here]"), form = button && button.form;
    if (!form) return;
    var said = form.querySelector("[data-here-said]");
    function no() { button.disabled = false; said.textContent = said.getAttribute("data-no"); }
    if (!navigator.geolocation) return no();
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(function (at) {
      button.disabled = false;
      form.elements.lon.value = at.coords.longitude.toFixed(6);
      form.elements.lat.value = at.coords.latitude.toFixed(6);
      said.textContent = said.getAttribute("data-yes");
    }, no, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  });
})();
