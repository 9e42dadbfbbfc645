import { html, jsonForScript } from "../../../tools/report/html";

describe("html", () => {
  test("escapes what is put in, and leaves markup as it is", () => {
    const name = `<script>alert("1" & '2')</script>`;
    expect(html`<p title="${name}">${html`<b>${3}</b>`}</p>`.text).toBe(
      '<p title="&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;"><b>3</b></p>',
    );
  });

  test("joins lists of markup", () => {
    expect(
      html`<ul>
        ${["a", "b"].map((item) => html`<li>${item}</li>`)}
      </ul>`.text,
    ).toMatch(/<li>a<\/li>\s*<li>b<\/li>/);
  });
});

describe("jsonForScript", () => {
  test("cannot end its element", () => {
    const { text } = jsonForScript({ name: "</script><script>" });
    expect(text).not.toContain("<");
    expect(JSON.parse(text)).toEqual({ name: "</script><script>" });
  });
});
