/* global document, window, getComputedStyle, matchMedia, requestAnimationFrame */
(() => {
  const { tenants, layers, runs } = JSON.parse(document.getElementById("matrix-data").textContent);
  const size = tenants.length;
  const canvas = document.getElementById("matrix");
  const search = document.getElementById("matrix-search");
  const output = document.getElementById("pair");
  const context = canvas.getContext("2d");
  const picture = document.createElement("canvas");
  const ALL = 2 ** layers.length - 1;
  const sets = decode();
  const weak = [...sets.keys()].filter((index) => index % (size + 1) !== 0 && sets[index] !== ALL);

  /** The longest zoom shows about eight pairs a side. */
  const CLOSEST = Math.max(1, size / 8);
  const STEP = 1.25;
  const NEAR = 4;

  /** Cells below so many pixels get a ring where a layer is missing: a lone dot is not seen. */
  const SMALL_CELL = 8;
  const RING = 7;
  /** More rings than these hide the picture, and cost more than a frame. */
  const MOST_RINGS = 500;
  const SWATCHES = 5;

  /** Zoom (1 shows the whole), the pair at the left upper corner, and the pair that is looked at. */
  const view = { zoom: 1, row: 0, column: 0, at: undefined };
  let dragged;

  function decode() {
    const all = new Uint8Array(size * size);
    let index = 0;
    for (let run = 0; run < runs.length; run += 2) {
      all.fill(runs[run], index, index + runs[run + 1]);
      index += runs[run + 1];
    }
    return all;
  }

  /** Colour of a pair: nothing missing, one layer, two, more, or no layer left. */
  function swatchOf(bits) {
    const missing = layers.filter((_, bit) => !((bits >> bit) & 1)).length;
    return missing === layers.length ? SWATCHES - 1 : Math.min(missing, SWATCHES - 2);
  }

  function stoppingLayers(row, column) {
    const bits = sets[row * size + column];
    return layers.filter((_, bit) => (bits >> bit) & 1);
  }

  function colour(name) {
    const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    probe.fillRect(0, 0, 1, 1);
    return probe.getImageData(0, 0, 1, 1).data;
  }

  /** One dot a pair; drawing is then one enlargement, whatever the zoom. */
  function paintPicture() {
    picture.width = picture.height = Math.max(1, size);
    const swatches = Array.from({ length: SWATCHES }, (_, count) => colour(`--lacks-${count}`));
    const self = colour("--self");
    const image = picture.getContext("2d").createImageData(picture.width, picture.height);
    for (let index = 0; index < sets.length; index++) {
      const onDiagonal = index % (size + 1) === 0;
      image.data.set(onDiagonal ? self : swatches[swatchOf(sets[index])], index * 4);
    }
    picture.getContext("2d").putImageData(image, 0, 0);
    draw();
  }

  function shown() {
    return size / view.zoom;
  }

  let asked = false;
  function draw() {
    if (!asked) {
      asked = true;
      requestAnimationFrame(drawNow);
    }
  }

  function drawNow() {
    asked = false;
    const scale = window.devicePixelRatio || 1;
    const pixels = Math.round(canvas.clientWidth * scale);
    if (canvas.width !== pixels) {
      canvas.width = canvas.height = pixels;
    }
    context.clearRect(0, 0, pixels, pixels);
    context.imageSmoothingEnabled = pixels < shown();
    context.drawImage(picture, view.column, view.row, shown(), shown(), 0, 0, pixels, pixels);
    const cell = pixels / shown();
    context.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--ink");
    if (cell < SMALL_CELL * scale && weak.length <= MOST_RINGS) {
      context.lineWidth = scale;
      for (const index of weak) {
        const x = ((index % size) + 0.5 - view.column) * cell;
        const y = (Math.floor(index / size) + 0.5 - view.row) * cell;
        context.beginPath();
        context.arc(x, y, RING * scale, 0, 2 * Math.PI);
        context.stroke();
      }
    }
    if (view.at) {
      const x = (view.at.column - view.column) * cell;
      const y = (view.at.row - view.row) * cell;
      context.lineWidth = Math.max(1, Math.min(3, cell / 8)) * scale;
      context.globalAlpha = 0.6;
      context.strokeRect(0, y, pixels, cell);
      context.strokeRect(x, 0, cell, pixels);
      context.globalAlpha = 1;
      context.strokeRect(x, y, cell, cell);
    }
  }

  function move(row, column) {
    const most = size - shown();
    view.row = Math.min(Math.max(row, 0), most);
    view.column = Math.min(Math.max(column, 0), most);
    draw();
  }

  /** Zooms so that the pair at a place of the picture (0 to 1) stays there. */
  function zoom(factor, x = 0.5, y = 0.5) {
    const before = shown();
    view.zoom = Math.min(Math.max(view.zoom * factor, 1), CLOSEST);
    canvas.dataset.zoom = view.zoom.toFixed(2);
    const less = before - shown();
    move(view.row + less * y, view.column + less * x);
  }

  function look(row, column) {
    if (row < 0 || column < 0 || row >= size || column >= size) {
      return;
    }
    view.at = { row, column };
    output.textContent = describe(row, column);
    draw();
  }

  function describe(row, column) {
    if (row === column) {
      return `${tenants[row]}: itself`;
    }
    const stopping = stoppingLayers(row, column);
    const missing = layers.filter((layer) => !stopping.includes(layer));
    const verdict =
      stopping.length === 0
        ? "nothing stops it"
        : `stopped by ${stopping.join(", ")}${missing.length > 0 ? `; not by ${missing.join(", ")}` : ""}`;
    return `${tenants[row]} → ${tenants[column]}: ${verdict}`;
  }

  /** Brings a pair into the middle. */
  function centre(row, column) {
    move(row + 0.5 - shown() / 2, column + 0.5 - shown() / 2);
    look(row, column);
  }

  function pairAt(event) {
    const bounds = canvas.getBoundingClientRect();
    const x = (event.clientX - bounds.left) / bounds.width;
    const y = (event.clientY - bounds.top) / bounds.height;
    return { x, y, row: Math.floor(view.row + y * shown()), column: Math.floor(view.column + x * shown()) };
  }

  /** The weakest pair of a tenant: where a search should look first. */
  function weakest(tenant) {
    let found = { row: tenant, column: tenant === 0 ? Math.min(1, size - 1) : 0, count: Infinity };
    for (let other = 0; other < size; other++) {
      for (const [row, column] of other === tenant
        ? []
        : [
            [tenant, other],
            [other, tenant],
          ]) {
        const count = stoppingLayers(row, column).length;
        if (count < found.count) {
          found = { row, column, count };
        }
      }
    }
    return found;
  }

  function find(text) {
    const wanted = text.trim().toLowerCase();
    const exact = tenants.indexOf(wanted);
    const tenant = exact >= 0 ? exact : tenants.findIndex((name) => name.includes(wanted));
    if (wanted === "" || tenant < 0) {
      output.textContent = wanted === "" ? `${size} × ${size}` : `no tenant is called ${text}`;
      return;
    }
    const { row, column } = weakest(tenant);
    show(row, column);
  }

  /** Brings a pair into the middle, near enough to be seen. */
  function show(row, column) {
    if (view.zoom < NEAR) {
      zoom(Math.min(CLOSEST, NEAR) / view.zoom);
    }
    centre(row, column);
  }

  const KEYS = {
    ArrowUp: () => step(-1, 0),
    ArrowDown: () => step(1, 0),
    ArrowLeft: () => step(0, -1),
    ArrowRight: () => step(0, 1),
    "+": () => zoom(STEP),
    "=": () => zoom(STEP),
    "-": () => zoom(1 / STEP),
    0: () => zoom(1 / view.zoom),
    Enter: () => view.at && centre(view.at.row, view.at.column),
  };

  /** Moves the pair that is looked at, and the picture with it where it would leave. */
  function step(rows, columns) {
    const { row, column } = view.at ?? {
      row: Math.floor(view.row + shown() / 2),
      column: Math.floor(view.column + shown() / 2),
    };
    const next = { row: row + rows, column: column + columns };
    look(next.row, next.column);
    const inside = (value, first) => value >= first && value + 1 <= first + shown();
    if (view.at && !(inside(view.at.row, view.row) && inside(view.at.column, view.column))) {
      centre(view.at.row, view.at.column);
    }
  }

  canvas.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { x, y } = pairAt(event);
      zoom(event.deltaY < 0 ? STEP : 1 / STEP, x, y);
    },
    { passive: false },
  );
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    dragged = { x: event.clientX, y: event.clientY, row: view.row, column: view.column };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (dragged) {
      const cell = canvas.clientWidth / shown();
      move(dragged.row - (event.clientY - dragged.y) / cell, dragged.column - (event.clientX - dragged.x) / cell);
    } else {
      const { row, column } = pairAt(event);
      look(row, column);
    }
  });
  canvas.addEventListener("pointerup", () => (dragged = undefined));
  document.getElementById("zoom-in").addEventListener("click", () => zoom(STEP));
  document.getElementById("zoom-out").addEventListener("click", () => zoom(1 / STEP));
  document.getElementById("zoom-reset").addEventListener("click", () => zoom(1 / view.zoom));
  for (const button of document.querySelectorAll(".weak button")) {
    button.addEventListener("click", () => {
      show(Number(button.dataset.row), Number(button.dataset.column));
      canvas.scrollIntoView({ block: "center" });
    });
  }
  search.addEventListener("input", () => find(search.value));
  window.addEventListener("resize", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paintPicture);

  const filter = document.getElementById("tenant-filter");
  const rows = [...document.querySelectorAll("#tenants tbody tr")];
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const row of rows) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
    }
    document.getElementById("tenant-count").textContent =
      `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
  });

  paintPicture();
})();
