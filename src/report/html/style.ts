/** The style sheet of the report. Whoever edits it writes its new SHA-256 below; a test says what that is. */
export const style = `
:root{color-scheme:light dark;--ground:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--tint:#f6f8fa;--link:#0550ae;
--pass:#2da44e;--na:#afb8c1;--restart:#bf8700;--inactive:#bc4c00;--manual:#8250df;--waived:#1b7c83;--unknown:#0969da;--missing:#8c959f;--fail:#cf222e;--over:#fff;
--ins:#dafbe1;--insink:#0f5323;--del:#ffebe9;--delink:#82071e}
@media screen and (prefers-color-scheme:dark){:root{--ground:#0d1117;--ink:#e6edf3;--soft:#9ea7b3;--line:#3d444d;--tint:#161b22;--link:#79b8ff;
--na:#484f58;--missing:#6e7681;--ins:#12361f;--insink:#aff5b4;--del:#4b1113;--delink:#ffdcd7}}
body{margin:0 auto;padding:1.5rem;max-width:75rem;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
a{color:var(--link)}h1,h2,h3,h4{line-height:1.25;overflow-wrap:anywhere}
h2{margin-top:2.5rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}h3{margin-top:2rem}
p,li,td,th{overflow-wrap:anywhere}
.record{border-left:.4rem solid var(--inactive);background:var(--tint);padding:.75rem 1rem}.record.whole{border-color:var(--pass)}.record.broken{border-color:var(--fail)}
.record p{margin:0;overflow-wrap:anywhere}
nav ul{columns:14rem;padding-left:1.25rem}
.wide{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}caption{text-align:left;color:var(--soft);padding:.25rem 0}
th,td{text-align:left;vertical-align:top;border:1px solid var(--line);padding:.3rem .5rem;min-width:4rem}
thead th{background:var(--tint)}tbody th{font-weight:600}
pre{background:var(--tint);border:1px solid var(--line);padding:.75rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font:.85rem/1.45 ui-monospace,monospace}
ins{background:var(--ins);color:var(--insink);text-decoration:none}del{background:var(--del);color:var(--delink);text-decoration:none}
figure{margin:1rem 0}figcaption{color:var(--soft)}
.picture{display:block;max-width:100%;height:auto;margin:.75rem 0}.picture text{font:9px system-ui,sans-serif;fill:var(--ink)}
.bar{display:block;width:100%;min-width:7rem;height:.6rem;margin:.2rem 0 .35rem}.key{width:.8rem;height:.8rem;margin-left:.35rem}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0}.legend li{display:flex;align-items:center}
.badge{color:var(--ink);white-space:nowrap}
svg .pass{fill:var(--pass)}svg .na{fill:var(--na)}svg .restart{fill:var(--restart)}svg .inactive{fill:var(--inactive)}
svg .manual{fill:var(--manual)}svg .waived{fill:var(--waived)}svg .unknown{fill:var(--unknown)}svg .missing{fill:var(--missing)}svg .fail{fill:var(--fail)}
svg .over{fill:none;stroke:var(--over);stroke-width:1.6}
.badge.fail,.badge.inactive{font-weight:600}
@page{margin:15mm}
@media print{body{max-width:none;padding:0;font-size:9pt}nav{display:none}a{color:inherit;text-decoration:none}
th,td{min-width:0}.badge{white-space:normal}.bar{min-width:4rem}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}.wide,pre{overflow:visible}
thead{display:table-header-group}tr,.picture,li{break-inside:avoid}h1,h2,h3,h4{break-after:avoid}}
`;

/** The SHA-256 of the style sheet in base64, by which the policy of the page lets it in and nothing else. */
export const styleHash = 'e0EXN2tO9xTaIFqsblCPpsIi4fFLqFJJfGsaYL89Nr0=';
