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
  let due = false;  // a page that is being built changes hundreds of times between two pictures
  const soon = () => { if (!due) { due = true; requestAnimationFrame(() => { due = false; shots(); name(); }); } };
  new MutationObserver(soon).observe(document.documentElement, {childList: true, subtree: true, characterData: true});
  // Signing in and out happens where one is: a second tab would leave a page of somebody gone.
  document.addEventListener("click", e => { const a = e.target instanceof Element && e.target.closest('a[href^="/auth/"]'); if (a) a.target = "_self"; }, true);
  if (!zh) return;
  const words = {"Upload":"上传文件","Browse files":"选择文件","Remove":"移除","Choose options":"请选择","Choose an option":"请选择","Select all":"全选","No results":"没有结果","Previous page":"上一页","Next page":"下一页","Pagination":"分页","Collapse sidebar":"收起侧栏","Expand sidebar":"展开侧栏","App pages":"页面","Navigate to home page":"回到首页","Download as CSV":"下载 CSV","Show/hide columns":"显示或隐藏列","Search":"搜索","Fullscreen":"全屏","Clear selection":"清除选择","Close":"关闭","Skip to main content":"跳到正文","Press Enter to apply":"按回车确定","Clear value":"清除","Clear all":"全部清除","Open":"打开"};
  const say = t => words[t] || t.replace(/^Page (\d+)$/, "第 $1 页").replace(/^(\d+)MB per file/, "每个文件不超过 $1MB");
  const walk = node => {
    if (node.nodeType === 3) { const t = node.data.trim(); if (t) { const s = say(t); if (s !== t) node.data = node.data.replace(t, s); } return; }
    if (node.nodeType !== 1 || node.classList.contains("z")) return;  // what we say is said in the right language
    for (const a of ["aria-label", "title", "placeholder"]) { const t = node.getAttribute(a); if (t) { const s = say(t); if (s !== t) node.setAttribute(a, s); } }
    node.childNodes.forEach(walk);
  };
  new MutationObserver(list => list.forEach(m => { m.addedNodes.forEach(walk); if (m.type === "attributes") walk(m.target); if (m.type === "characterData") walk(m.target); }))
    .observe(document.documentElement, {childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["aria-label", "title", "placeholder"]});
})();
