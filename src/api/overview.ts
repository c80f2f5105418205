/** Markdown, as much of it as `prose.ts` reads; the docs page shows it above the calls. */
export const OVERVIEW = `
Bring orders, messages and feedback in, and take customers out: everybody who ever ordered from a company or wrote to it, merged by
account, phone and e-mail.

## Getting a key

A company makes its own key under “Settings → API keys”: it opens this one company. The operator of the portal makes one that opens all:
\`npm run -s clientele -- key:create --portal --name "Marketplace"\`. A key is shown once; only its hash is kept. It goes into a header of
every call:

    curl https://portal.example/api/v1/companies/kyiv-shirts/segments -H "Authorization: Bearer <key>"

A key has scopes, by default \`ingest\` (bring in) and \`read\` (take out); \`consents\` (who may be written to) and \`send\` (SMS) must be
asked for.

## Idempotency and retries

The \`externalId\` of an item is its idempotency key. Posting the same again answers \`unchanged\` and changes nothing; posting it with
another content updates what is stored. So, whenever an answer was lost, or was 429, 500 or 503: wait and post the same again. Wait as
long as \`Retry-After\` says, else 1, 2, 4, 8 … seconds with some chance in it. Do not repeat other 4xx answers: they will not change.

Give \`updatedAt\` where your changes may overtake each other: one older than the one stored changes nothing.

Send batches of 100 to 1,000 items rather than single ones, one call at a time for each company. A key may call 100 times a second.

## Money, times, texts

Sums are decimal strings with their currency, never numbers: \`"1250.00"\`. Times are ISO 8601 with an offset; answers are in UTC.
Everything is UTF-8. Fields that are not listed are refused, so that a misspelt one does not get lost in silence.

## Fetching what changed

\`GET …/customers?updatedSince=…\` answers the customers whose data changed since then. Ask with the time of your last visit minus five
minutes: what was being stored at that moment comes a second time rather than never. A customer that was merged into another one disappears
from the list; its address answers 301 to the survivor.

## Pages

A list answers \`next\`, a token: give it as \`cursor\` beside the same other parameters for the next page. \`null\`: that was the last.

## Errors

Every error is a problem document (RFC 9457): \`title\`, \`status\`, and \`detail\`, a sentence for people. A batch where only some items are
valid is no error: it is stored as far as it is valid, and each result has its \`status\` and \`errors\`.
`.trim();
