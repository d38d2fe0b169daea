// The map beside the list of places: our own boundaries on an empty ground; tiles below them only where they are set.
(() => {
  "use strict";
  const root = document.getElementById("map");
  if (!root || !("IntersectionObserver" in window)) return;
  const said = root.dataset;

  const styles = () => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = said.styles;
    document.head.append(link);
  };

  const script = (src) => new Promise((done, failed) => {
    const one = document.createElement("script");
    one.src = src;
    one.onload = done;
    one.onerror = failed;
    document.head.append(one);
  });

  const layers = (key) => ["vec", "cva"].map((name) => [name, {
    type: "raster",
    tileSize: 256,
    tiles: [0, 1, 2, 3].map((n) => `https://t${n}.tianditu.gov.cn/${name}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0` +
      `&LAYER=${name}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=${key}`),
  }]);

  const below = async (library) => {
    if (said.tianditu) return Object.fromEntries(layers(said.tianditu));
    if (!said.pmtiles) return {};
    await script(said.archive);
    library.addProtocol("pmtiles", new window.pmtiles.Protocol().tile);
    return { tiles: { type: "raster", tileSize: 256, url: `pmtiles://${location.origin}${said.pmtiles}` } };
  };

  const boundsOf = (features) => {
    const box = [180, 90, -180, -90];
    const walk = (part) => {
      if (typeof part[0] === "number") {
        box[0] = Math.min(box[0], part[0]); box[1] = Math.min(box[1], part[1]);
        box[2] = Math.max(box[2], part[0]); box[3] = Math.max(box[3], part[1]);
      } else part.forEach(walk);
    };
    features.filter((one) => one.geometry).forEach((one) => walk(one.geometry.coordinates));
    return [[box[0], box[1]], [box[2], box[3]]];
  };

  const rowOf = (id) => document.querySelector(`[data-place="${id}"]`);

  const colour = ["case", ["boolean", ["get", "wrong"], false], "#b42318", "#0b5c8a"];

  // Drawing a line: each press on the map is a point, and the field beside it holds them all, to be mended by hand.
  const draw = (map) => {
    const field = document.getElementById(said.draws);
    const lines = () => field.value.trim().split(/\n\s*\n/).map((block) => block.split("\n")
      .map((row) => row.trim().split(/[\s,，]+/).slice(0, 2).map(Number))
      .filter((point) => point.length === 2 && point.every(Number.isFinite)));
    const shapes = () => ({ type: "FeatureCollection", features: lines().filter((one) => one.length).flatMap((points) => [
      { type: "Feature", properties: {}, geometry: { type: "MultiPoint", coordinates: points } },
      ...(points.length > 1 ? [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: points } }] : []),
    ]) });
    const show = () => map.getSource("line")?.setData(shapes());
    map.getCanvas().style.cursor = "crosshair";
    map.on("load", () => {
      map.addSource("line", { type: "geojson", data: shapes() });
      map.addLayer({ id: "cut", type: "line", source: "line", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": "#b42318", "line-width": 3 } });
      map.addLayer({ id: "cut-points", type: "circle", source: "line", paint: { "circle-color": "#b42318", "circle-radius": 5, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
    });
    map.on("click", (event) => {
      const point = `${event.lngLat.lng.toFixed(7)}, ${event.lngLat.lat.toFixed(7)}`;
      field.value = field.value.replace(/[ \t\r]+$/, "") + (!field.value || field.value.endsWith("\n") ? "" : "\n") + point;
      show();
    });
    field.addEventListener("input", show);
    document.querySelector("[data-map-undo]")?.addEventListener("click", () => {
      field.value = field.value.trimEnd().split("\n").slice(0, -1).join("\n").trimEnd();
      show();
    });
  };

  const start = async () => {
    const [answer, library] = await Promise.all([fetch(said.shapes), import(said.library)]);
    const shapes = await answer.json();
    if (!shapes.features.length) { root.hidden = true; return; }
    const fit = said.fit ? shapes.features.filter((one) => !one.properties.own && one.geometry) : shapes.features;
    styles();
    library.setWorkerUrl(said.worker);
    const sources = await below(library);
    const fingers = matchMedia("(max-width:47.99em),(pointer:coarse)").matches; // the buttons are larger, and side by side
    const map = new library.Map({
      container: root,
      bounds: boundsOf(fit.length ? fit : shapes.features),
      fitBoundsOptions: { padding: fingers ? { top: 62, right: 24, bottom: 24, left: 24 } : 24 },
      fadeDuration: 0,
      attributionControl: false,
      localIdeographFontFamily: "sans-serif",
      style: {
        version: 8,
        sources: { ...sources, places: { type: "geojson", data: shapes } },
        layers: [
          { id: "ground", type: "background", paint: { "background-color": "#f7f9fb" } },
          ...Object.keys(sources).map((name) => ({ id: name, type: "raster", source: name })),
          { id: "fill", type: "fill", source: "places", filter: ["!", ["get", "own"]], paint: { "fill-color": colour, "fill-opacity": ["case", ["boolean", ["feature-state", "over"], false], 0.45, ["coalesce", ["get", "shade"], 0.14]] } },
          { id: "line", type: "line", source: "places", paint: { "line-color": ["case", ["all", ["get", "own"], Boolean(said.fit)], "#465464", colour], "line-width": ["case", ["get", "own"], said.fit ? 1.6 : 3, 1.2] } },
          { id: "point", type: "circle", source: "places", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": colour, "circle-radius": 5, "circle-stroke-color": "#fff", "circle-stroke-width": 1 } },
        ],
      },
    });
    map.addControl(new library.NavigationControl({ showCompass: false }));
    map.on("idle", () => { root.dataset.ready = "yes"; });
    shapes.features.filter((one) => !one.properties.own && one.properties.at).slice(0, 60).forEach((one) => {
      const name = document.createElement("span");
      name.className = "ground__name";
      name.textContent = one.properties.name;
      name.setAttribute("aria-hidden", "true");
      new library.Marker({ element: name }).setLngLat(one.properties.at).addTo(map);
    });
    let over = null;
    const mark = (id) => {
      if (over !== null) { map.setFeatureState({ source: "places", id: over }, { over: false }); rowOf(over)?.classList.remove("is-over"); }
      over = id;
      if (id !== null) { map.setFeatureState({ source: "places", id }, { over: true }); rowOf(id)?.classList.add("is-over"); }
    };
    if (said.draws) { draw(map); return; }
    ["fill", "point"].forEach((name) => {
      map.on("mousemove", name, (event) => { map.getCanvas().style.cursor = "pointer"; mark(event.features[0].id); });
      map.on("mouseleave", name, () => { map.getCanvas().style.cursor = ""; mark(null); });
      map.on("click", name, (event) => { location.href = event.features[0].properties.href; });
    });
    document.querySelectorAll("[data-place]").forEach((row) => {
      const id = Number(row.dataset.place);
      row.addEventListener("mouseenter", () => mark(id));
      row.addEventListener("focusin", () => mark(id));
    });
  };

  new IntersectionObserver((seen, watcher) => {
    if (seen.some((one) => one.isIntersecting)) {
      watcher.disconnect();
      start().catch(() => { root.hidden = true; });
    }
  }).observe(root);
})();
