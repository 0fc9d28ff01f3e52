import { expect, test } from "@jest/globals";
import { html } from "./html";

test("html escapes values, joins lists, and leaves out what is not there", () => {
  expect(html`<p title="${`"'`}">${"<&>"}${[html`<b>1</b>`, 2]}${undefined}${false}</p>`.text).toBe(
    '<p title="&quot;&#39;">&lt;&amp;&gt;<b>1</b>2</p>',
  );
});

test("what one reads of HTML is without its tags, and escaped still", () => {
  expect(html`<b class="x">${"<i>"}</b> <small>2</small>`.plain.text).toBe("&lt;i&gt; 2");
});
