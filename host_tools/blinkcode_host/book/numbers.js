"use strict";
// The ways to read a written code; the same as the host tools' `explain`, and tested against it.

// [{code, vendor, how}, ...]: how is "", or {text, bits, value}, or {text, bytes, value}; null where it is no number, and
// for two bytes of a vendor that sends none.
function readings(written, vendors) {
  let text = written.trim().replaceAll("\u2212", "-");
  const pair = /^(?:0x)?([0-9a-f]{2})[ :,]+(?:0x)?([0-9a-f]{2})$/i;
  let vendor = null;
  if (text.includes(":") && !pair.test(text)) {
    const at = text.indexOf(":");
    vendor = text.slice(0, at).trim().toLowerCase();
    text = text.slice(at + 1).trim();
    if (!vendors.some((v) => v.id === vendor)) return null;
  }
  const short = vendors.filter((v) => v.wire === "int16" && (vendor === null || v.id === vendor));
  const found = [];
  let match;
  let value;
  if (/^[+-]?(\d{1,20}|\d{1,3}(,\d{3})+)$/.test(text)) {
    value = Number(text.replaceAll(",", ""));
    found.push({ code: value, vendor, how: "" });
  } else if ((match = /^(-?)(?:0x)?([0-9a-f]{1,16})$/i.exec(text))) {
    value = Number.parseInt(match[2], 16) * (match[1] ? -1 : 1);
    found.push({ code: value, vendor, how: { text, value } });
  } else if ((match = pair.exec(text))) {
    value = Number.parseInt(match[1], 16) + Number.parseInt(match[2], 16) * 256;
  } else {
    return null;
  }
  for (const bits of [16, 32]) {
    const signed = value - 2 ** bits;
    if (value >= 2 ** (bits - 1) && signed < 0) {
      for (const v of short) found.push({ code: signed, vendor: v.id, how: { text, bits, value: signed } });
    }
  }
  if (found.length) return found;
  return short.length ? short.map((v) => ({ code: value, vendor: v.id, how: { text, bytes: 2, value } })) : null;
}
