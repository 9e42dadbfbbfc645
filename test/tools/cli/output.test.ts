import { InputError } from "../../../config";
import { TenantsError } from "../../../tenancy";
import { findingLines, findingsOf } from "../../../tools/cli/finding";
import { Progress } from "../../../tools/cli/progress";
import { plural, table, wrap } from "../../../tools/cli/table";
import { processTerminal, styled } from "../../../tools/cli/terminal";
import { fakeTerminal } from "./support";

describe("findings", () => {
  test("name file, line and column as far as they are known", () => {
    expect(
      findingLines([
        { file: "tenants.json", line: 3, column: 5, message: "a" },
        { file: "config/platform.ts", message: "b" },
        { message: "c" },
      ]),
    ).toBe("tenants.json:3:5: a\nconfig/platform.ts: b\nc\n");
  });

  test("of a tenants file keep their places, of another error their lines", () => {
    const problem = { line: 3, column: 5, path: "tenants[0].id", message: "missing" };
    expect(findingsOf(new TenantsError("t.json", [problem]))).toEqual([
      { file: "t.json", line: 3, column: 5, message: "tenants[0].id: missing" },
    ]);
    expect(findingsOf(new InputError("one\ntwo"))).toEqual([{ message: "one" }, { message: "two" }]);
  });
});

describe("wrap", () => {
  test("breaks between words at 100 columns and indents what follows", () => {
    const lines = wrap(`${"word ".repeat(30)}end`, "  ").split("\n");
    expect(lines.map((line) => line.length)).toEqual([99, 55, 0]);
    expect(lines[1]).toMatch(/^ {2}word .* end$/);
  });

  test("leaves a longer word whole, so that it can be copied", () => {
    const address = "a".repeat(120);
    expect(wrap(`see ${address} there`, "  ")).toBe(`see\n  ${address}\n  there\n`);
  });
});

describe("table", () => {
  test("aligns figures at their right and cuts the widest column where a row would pass 100 columns", () => {
    const text = table(
      [{ title: "name" }, { title: "n", align: "right" }],
      [
        ["x".repeat(120), "7"],
        ["short", "12"],
      ],
    );
    expect(text.split("\n")).toEqual([
      "name".padEnd(98) + " n",
      `${"x".repeat(95)}…   7`,
      "short".padEnd(98) + "12",
      "",
    ]);
  });
});

test("plural says one thing of one", () => {
  expect([plural(0, "row"), plural(1, "row"), plural(2, "row")]).toEqual(["0 rows", "1 row", "2 rows"]);
});

describe("Progress", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test("tells a person of work that has taken two seconds, and takes the line back", () => {
    const terminal = fakeTerminal({ interactive: true });
    const progress = new Progress(terminal);
    progress.step("synthesizing");
    jest.advanceTimersByTime(1_999);
    expect(terminal.said().error).toBe("");
    jest.advanceTimersByTime(1);
    expect(terminal.said().error).toBe("\r\u001b[Ksynthesizing …");
    progress.step("comparing");
    expect(terminal.said().error).toMatch(/comparing …$/);
    progress.end();
    expect(terminal.said().error).toBe("\r\u001b[Ksynthesizing …\r\u001b[Kcomparing …\r\u001b[K");
  });

  test("says nothing of shorter work, nor of any where nobody watches", () => {
    const watched = fakeTerminal({ interactive: true });
    const short = new Progress(watched);
    short.step("checking");
    short.end();
    const log = fakeTerminal();
    new Progress(log).step("synthesizing");
    jest.advanceTimersByTime(10_000);
    expect(watched.said().error + log.said().error).toBe("");
  });
});

describe("colours", () => {
  const { isTTY } = process.stdout;
  const before = process.env["NO_COLOR"];
  afterEach(() => {
    process.stdout.isTTY = isTTY;
    process.env["NO_COLOR"] = before ?? "";
  });

  test.each([
    [true, "", true],
    [true, "1", false],
    [false, "", false],
  ])("on a terminal (%s) with NO_COLOR=%j: %s", (terminal, noColor, expected) => {
    process.stdout.isTTY = terminal;
    process.env["NO_COLOR"] = noColor;
    expect(processTerminal().colours).toBe(expected);
  });

  test("wrap a text, and leave it alone where there are none", () => {
    expect(styled(fakeTerminal({ colours: true }), "red", "no")).toBe("\u001b[31mno\u001b[0m");
    expect(styled(fakeTerminal(), "red", "no")).toBe("no");
  });
});
