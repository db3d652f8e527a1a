"use strict";
(() => {
  const zh = document.documentElement.lang.startsWith("zh");
  // A chat's browser offers its camera only where kinds of pictures are named, not file endings.
  const shots = () => document.querySelectorAll('[class*="st-key-shot_"] input[type=file]').forEach(i => { i.accept = "image/jpeg,image/png,image/webp,application/pdf"; });
  const shot = zh ? "拍照上传" : "Take or choose a photo";
  const name = () => document.querySelectorAll('[class*="st-key-shot_"] [data-testid=stFileUploaderDropzone] button').forEach(b => {
    const w = document.createTreeWalker(b, NodeFilter.SHOW_TEXT);
    for (let n = w.nextNode(); n; n = w.nextNode()) if (["Upload", "上传文件", "Browse files", "选择文件"].includes(n.data.trim())) n.data = shot;
  });
  // Streamlit tells only by weight which page a link of the tabs leads to; the start's address is empty.
  const here = () => document.querySelectorAll(".st-key-tabbar a").forEach(a => {
    if ("/" + a.getAttribute("href").split(/[?#]/)[0] === location.pathname) a.setAttribute("aria-current", "page"); else a.removeAttribute("aria-current");
  });
  let due = false;  // a page that is being built changes hundreds of times between two pictures
  const soon = () => { if (!due) { due = true; requestAnimationFrame(() => { due = false; shots(); name(); here(); }); } };
  new MutationObserver(soon).observe(document.documentElement, {childList: true, subtree: true, characterData: true});
  // Signing in and out happens where one is: a second tab would leave a page of somebody gone.
  document.addEventListener("click", e => { const a = e.target instanceof Element && e.target.closest('a[href^="/auth/"]'); if (a) a.target = "_self"; }, true);
  // A message on the heels of a press stops the run the press began before it is heard. Asking twice
  // for a dialog does no harm: where none has come and nothing runs, its button is pressed once more.
  let asked = 0;
  document.addEventListener("click", e => {
    if (!e.isTrusted) return;
    clearInterval(asked);
    const name = e.target instanceof Element && e.target.closest("button") && e.target.closest('[class*="st-key-ask_"]')?.className.match(/st-key-ask_\S+/)?.[0], at = location.href;
    let quiet = 0;
    if (name) asked = setInterval(() => {
      const app = document.querySelector('[data-testid="stApp"]')?.dataset;
      if (document.querySelector('[data-testid="stDialog"]') || location.href !== at) return clearInterval(asked);
      quiet = app?.testScriptState === "notRunning" && app.testConnectionState === "CONNECTED" ? quiet + 1 : 0;
      if (quiet >= 8) { clearInterval(asked); document.querySelector(`.${CSS.escape(name)} button`)?.click(); }
    }, 250);
  }, true);
  // Streamlit says in its own words why a file was not taken; neither says what to do.
  const refused = zh ? [
    [/^File must be (\S+) or smaller\.?/, "文件不能超过 $1。请压缩，或分成几个再传。"],
    [/^.*files are not allowed\.?/, "不收这种文件。请看旁边写明的类型。"],
    [/^Error:$/, "没有收下："],
    [/^Only one file is allowed\.?/, "只能传一个文件。"],
    [/^File size is too small\.?/, "文件是空的。"],
    [/^.*status code 413.*/, "已传而未保存的文件太多。请先保存或移除前面的，再传这个。"],
    [/^(Upload failed|Unexpected error\. Please try again\.|(AxiosError: )?(Network Error|Request failed.*))$/, "没有传上去。请看网络是否通，再传一次。"],
  ] : [
    [/^.*files are not allowed\.?/, "This kind of file is not taken. See the kinds named beside it."],
    [/^.*status code 413.*/, "Too much is uploaded and not saved yet: save or remove what came before, then try again."],
    [/^(AxiosError: )?(Network Error|Request failed.*)$/, "It did not arrive: check the connection and try again."],
  ];
  const why = t => { for (const [told, ours] of refused) if (told.test(t)) return t.replace(told, ours); return t; };
  // Beside a field for photographs no kinds are named: its button says what it does.
  const photo = zh ? "不收这种文件。请拍照，或交 JPG、PNG、WebP 图片或 PDF。" : "This kind of file is not taken. Please take a photo, or give a JPG, PNG or WebP picture or a PDF.";
  const files = '[data-testid^="stFile"],[data-testid="stTooltipContent"]';
  const mend = node => {
    const all = node.nodeType === 3 ? [node] : [];
    if (node.nodeType === 1) { const w = document.createTreeWalker(node, NodeFilter.SHOW_TEXT); for (let n = w.nextNode(); n; n = w.nextNode()) all.push(n); }
    for (const n of all) if (n.parentElement?.closest(files)) { const t = n.data.trim(), s = / files are not allowed/.test(t) && n.parentElement.closest('[class*="st-key-shot_"]') ? photo : why(t); if (s !== t) n.data = s; }
  };
  new MutationObserver(list => list.forEach(m => { m.addedNodes.forEach(mend); if (m.type === "characterData") mend(m.target); }))
    .observe(document.documentElement, {childList: true, subtree: true, characterData: true});
  if (!zh) return;
  const blank = {"yyyy":"年","mm":"月","dd":"日"};
  const words = {"Upload":"上传文件","Browse files":"选择文件","Remove":"移除","Choose options":"请选择","Choose an option":"请选择","Select all":"全选","No results":"没有结果","Previous page":"上一页","Next page":"下一页","Pagination":"分页","Collapse sidebar":"收起侧栏","Expand sidebar":"展开侧栏","App pages":"页面","Navigate to home page":"回到首页","Download as CSV":"下载 CSV","Show/hide columns":"显示或隐藏列","Search":"搜索","Fullscreen":"全屏","Clear selection":"清除选择","Close":"关闭","Skip to main content":"跳到正文","Press Enter to apply":"按回车确定","Clear value":"清除","Clear all":"全部清除","Open":"打开","Empty":"未填","Sidebar":"侧栏","Logo":"标志","Link to heading":"本节链接","Add row":"加一行","Add files":"加文件","add icon":"加","file upload":"上传文件","Copy to clipboard":"复制","Choose date":"选日期","Clear date":"清除日期","Decrement":"减一","Increment":"加一","Show password":"显示","Hide password":"隐藏"};
  Object.assign(words, {"Page not found": "没有这一页", "The page that you have requested does not seem to exist. Running the app's main page.": "这一页不存在，或者不归您看。已为您打开首页。"});
  const say = t => words[t] || t.replace(/^(Error: )?Date set outside allowed range\..*$/s, "这一天填错了，请改一下。").replace(/^Page (\d+)$/, "第 $1 页").replace(/^(\d+) – [A-Z][a-z]+$/, "$1 月").replace(/^(\d+)MB per file/, "每个文件不超过 $1MB").replace(/^Help for (.+)$/, "$1：说明").replace(/^Remove (.+)$/, "移除 $1").replace(/^(year|month|day), /, (_, part) => ({"year":"年","month":"月","day":"日"})[part] + "，");
  const walk = node => {
    if (node.nodeType === 3) { const t = node.data.trim(); if (t) { const s = node.parentElement?.getAttribute("role") === "spinbutton" ? blank[t] || t : say(t); if (s !== t) node.data = node.data.replace(t, s); } return; }
    if (node.nodeType !== 1 || node.classList.contains("z")) return;  // what we say is said in the right language
    for (const a of ["aria-label", "title", "placeholder", "aria-valuetext", "alt"]) { const t = node.getAttribute(a); if (t) { const s = say(t); if (s !== t) node.setAttribute(a, s); } }
    node.childNodes.forEach(walk);
  };
  new MutationObserver(list => list.forEach(m => { m.addedNodes.forEach(walk); if (m.type === "attributes") walk(m.target); if (m.type === "characterData") walk(m.target); }))
    .observe(document.documentElement, {childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["aria-label", "title", "placeholder", "aria-valuetext", "alt"]});
})();
