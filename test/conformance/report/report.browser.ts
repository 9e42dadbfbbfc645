import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { page } from "../../../tools/report/page";
import { generateRows } from "../../support/fleet";
import { reportData } from "../../tools/report/data";
import { Browser } from "./browser";

/** Where pictures are kept for a person to look at. */
const PICTURES = process.env["TASKFLOW_SCREENSHOTS"];

const TENANTS = 500;

/** One pair that a single layer stops, and one that nothing stops. */
const WEAK = { "company-0123 company-0456": 0b100, "company-0300 company-0007": 0 };

const folder = mkdtempSync(join(tmpdir(), "taskflow-report-"));
const path = join(folder, "report.html");
let browser: Browser;

beforeAll(async () => {
  writeFileSync(path, page(reportData(generateRows(TENANTS), WEAK)));
  browser = await Browser.start();
});

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  await browser.send("Emulation.setEmulatedMedia", { media: "", features: [] });
  browser.events.length = 0;
  await browser.open(path);
});

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) {
    const { data } = await browser.send("Page.captureScreenshot", { format: "png" });
    mkdirSync(PICTURES, { recursive: true });
    writeFileSync(join(PICTURES, `${name}.png`), Buffer.from(String(data), "base64"));
  }
}

function methods(): readonly string[] {
  return browser.events.map(({ method }) => method);
}

const pair = (): Promise<string> => browser.evaluate("document.getElementById('pair').textContent");
const zoom = (): Promise<number> => browser.evaluate("Number(document.getElementById('matrix').dataset.zoom ?? 1)");

/** Types into a field as a person does, so that the page hears of it. */
async function type(field: string, text: string): Promise<void> {
  await browser.evaluate(`document.getElementById('${field}').focus()`);
  await browser.send("Input.insertText", { text });
  await browser.frame();
}

/** The colour of the matrix at a pair's place, when the whole is shown. */
function colourAt(row: number, column: number): Promise<readonly number[]> {
  return browser.evaluate(`(() => {
    const canvas = document.getElementById("matrix");
    const cell = canvas.width / ${TENANTS};
    const at = (index) => Math.floor((index + 0.5) * cell);
    return [...canvas.getContext("2d").getImageData(at(${column}), at(${row}), 1, 1).data];
  })()`);
}

async function focusMatrix(): Promise<void> {
  await browser.evaluate("document.getElementById('matrix').focus()");
  await browser.evaluate("document.getElementById('matrix').scrollIntoView({ block: 'center' })");
}

describe("the page in Chromium", () => {
  test("loads nothing but itself and reports no error, so that its policy fits it", async () => {
    const requests = browser.events.filter(({ method }) => method === "Network.requestWillBeSent");
    expect(requests.map(({ params }) => (params["request"] as { readonly url: string }).url)).toEqual([
      `file://${path}`,
    ]);
    expect(methods()).not.toContain("Runtime.exceptionThrown");
    expect(methods()).not.toContain("Runtime.consoleAPICalled");
    expect(methods()).not.toContain("Log.entryAdded");
    await picture("light");
  });

  test("does not run a script that somebody else puts into it", async () => {
    await browser.evaluate(
      "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.foreign = 1' }))",
    );
    expect(await browser.evaluate("typeof window.foreign")).toBe("undefined");
    expect(methods()).toContain("Log.entryAdded");
  });

  test("draws each pair in the colour of its layers", async () => {
    await focusMatrix();
    const [self, safe] = [await colourAt(10, 10), await colourAt(10, 20)];
    expect(safe).not.toEqual(self);
    // A pair is one and a half pixels wide: enlarged without blending, its colour stays its own.
    expect(await colourAt(300, 7)).toEqual([0xb0, 0x00, 0x20, 0xff]);
    expect(await colourAt(123, 456)).toEqual([0xf0, 0xa0, 0x30, 0xff]);
    expect(await colourAt(7, 300)).toEqual(safe);
    await picture("matrix");
  });

  test("finds a tenant, goes to its weakest pair and says which layer is left", async () => {
    await type("matrix-search", "company-0123");
    expect(await pair()).toBe(
      "company-0123 → company-0456: stopped by AuthorizationPolicy DENY; not by NetworkPolicy egress, NetworkPolicy ingress",
    );
    expect(await zoom()).toBeGreaterThanOrEqual(4);
    await focusMatrix();
    await picture("found");
  });

  test("lists the pairs that lack a layer, and shows one when asked", async () => {
    const listed =
      "[...document.querySelectorAll('.weak li')].map((item) => item.textContent.replaceAll(/\\s+/g, ' ').trim())";
    expect(await browser.evaluate(listed)).toEqual([
      "company-0123 → company-0456 without NetworkPolicy egress, NetworkPolicy ingress",
      "company-0300 → company-0007 nothing stops it",
    ]);
    await browser.evaluate("document.querySelectorAll('.weak button')[1].click()");
    expect(await pair()).toBe("company-0300 → company-0007: nothing stops it");
    expect(await zoom()).toBeGreaterThanOrEqual(4);
  });

  test("says so when there is no such tenant", async () => {
    await type("matrix-search", "nobody");
    expect(await pair()).toBe("no tenant is called nobody");
  });

  test("is moved and zoomed from the keyboard alone", async () => {
    await type("matrix-search", "company-0300");
    expect(await pair()).toBe("company-0300 → company-0007: nothing stops it");
    await focusMatrix();
    const before = await zoom();
    await browser.press("+");
    expect(await zoom()).toBeCloseTo(before * 1.25, 1);
    await browser.press("ArrowRight");
    expect(await pair()).toBe(
      "company-0300 → company-0008: stopped by NetworkPolicy egress, NetworkPolicy ingress, AuthorizationPolicy DENY",
    );
    await browser.press("ArrowDown");
    expect(await pair()).toMatch(/^company-0301 → company-0008: /);
    await browser.press("0");
    expect(await zoom()).toBe(1);
  });

  test("zooms by wheel around the pointer, and drags", async () => {
    await focusMatrix();
    const { x, y } = await browser.evaluate<{ readonly x: number; readonly y: number }>(
      "(({ left, top, width, height }) => ({ x: left + width * 0.2511, y: top + height * 0.2511 }))(document.getElementById('matrix').getBoundingClientRect())",
    );
    const mouse = (kind: string, rest: object = {}) =>
      browser.send("Input.dispatchMouseEvent", { type: kind, x, y, ...rest });
    await mouse("mouseMoved");
    const under = await pair();
    expect(under).toMatch(/^company-012\d/);
    for (let turn = 0; turn < 6; turn++) {
      await mouse("mouseWheel", { deltaX: 0, deltaY: -100 });
    }
    await browser.frame();
    expect(await zoom()).toBeCloseTo(1.25 ** 6, 1);
    await mouse("mouseMoved");
    expect(await pair()).toBe(under);
    await mouse("mousePressed", { button: "left", clickCount: 1 });
    await mouse("mouseMoved", { x: x + 100, button: "left", buttons: 1 });
    await mouse("mouseReleased", { x: x + 100, button: "left", clickCount: 1 });
    await mouse("mouseMoved");
    expect(await pair()).not.toBe(under);
  });

  test("draws 500 × 500 pairs at the screen's own rate", async () => {
    await focusMatrix();
    const milliseconds = await browser.evaluate<number>(`(async () => {
      const canvas = document.getElementById("matrix");
      const times = [];
      for (let turn = 0; turn < 60; turn++) {
        const start = performance.now();
        canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: turn % 2 ? 1 : -1, clientX: 300, clientY: 300, cancelable: true }));
        await new Promise((done) => requestAnimationFrame(done));
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[30];
    })()`);
    // A frame is 16.7 ms; three may be lost to a busy machine before a person sees it.
    expect(milliseconds).toBeLessThan(50);
  });

  test("filters the table of tenants", async () => {
    await browser.evaluate("document.querySelector('#fleet details').open = true");
    await type("tenant-filter", "company-049");
    expect(await browser.evaluate("document.getElementById('tenant-count').textContent")).toBe("10 of 500");
    expect(
      await browser.evaluate("[...document.querySelectorAll('#tenants tbody tr')].filter((row) => !row.hidden).length"),
    ).toBe(10);
  });

  test("is dark where the reader's screen is", async () => {
    const paper = () => browser.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    expect(await paper()).toBe("rgb(255, 255, 255)");
    const light = await colourAt(10, 20);
    await browser.send("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: "dark" }],
    });
    await browser.frame();
    expect(await paper()).toBe("rgb(18, 22, 28)");
    expect(await colourAt(10, 20)).not.toEqual(light);
    await focusMatrix();
    await picture("dark");
  });

  test("prints without what only a screen can use", async () => {
    await browser.send("Emulation.setEmulatedMedia", { media: "print" });
    const shown = (selector: string) =>
      browser.evaluate<string>(`getComputedStyle(document.querySelector("${selector}")).display`);
    expect(await shown("nav")).toBe("none");
    expect(await shown(".controls")).toBe("none");
    expect(await shown("#matrix")).toBe("block");
    const { data } = await browser.send("Page.printToPDF", {});
    expect(Buffer.from(String(data), "base64").subarray(0, 5).toString()).toBe("%PDF-");
  });

  test("names every control for those who cannot see it", async () => {
    const { nodes } = (await browser.send("Accessibility.getFullAXTree")) as {
      readonly nodes: readonly {
        readonly role?: { readonly value: string };
        readonly name?: { readonly value: string };
        readonly ignored: boolean;
      }[];
    };
    const controls = nodes.filter(
      ({ role, ignored }) => !ignored && ["button", "searchbox", "combobox", "application"].includes(role?.value ?? ""),
    );
    expect(controls.length).toBeGreaterThanOrEqual(5);
    expect(controls.filter(({ name }) => (name?.value ?? "") === "")).toEqual([]);
  });

  test("does not scroll sideways on a small screen", async () => {
    await browser.send("Emulation.setDeviceMetricsOverride", {
      width: 400,
      height: 800,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await browser.frame();
    await picture("small");
    expect(await browser.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(400);
    await browser.send("Emulation.clearDeviceMetricsOverride");
  });
});
