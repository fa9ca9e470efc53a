"use strict";
// Looks for notices on this page and for enterprises in the lists beside it, which are scripts: a page that was opened
// from a file may read nothing else. Without it, everything can be reached by links.
(function () {
  const form = document.getElementById("search-form");
  const box = document.getElementById("search-text");
  const said = document.getElementById("search-said");
  const hits = document.getElementById("search-hits");
  const chunks = Number(form.dataset.chunks);
  const MOST = 100;
  const lists = [];
  let turn = 0;
  let waiting = 0;

  window.found = function (number, pages) { lists[number] = pages; };

  function folded(text) {
    return text.normalize("NFKC").toUpperCase().replace(/\s+/g, "");
  }

  function load(number) {
    if (lists[number]) { return Promise.resolve(lists[number]); }
    return new Promise(function (done, fail) {
      const script = document.createElement("script");
      script.src = "search/" + number + ".js";
      script.onload = function () { done(lists[number]); };
      script.onerror = fail;
      document.head.append(script);
    });
  }

  function show(href, title, small) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = href;
    link.textContent = title;
    item.append(link);
    if (small) {
      const note = document.createElement("span");
      note.className = "code";
      note.textContent = small;
      item.append(" ", note);
    }
    hits.append(item);
  }

  function notices(wanted) {
    let count = 0;
    for (const link of document.querySelectorAll("[data-notice]")) {
      if (folded(link.dataset.notice).includes(wanted)) {
        count += 1;
        if (count <= MOST) { show(link.getAttribute("href"), link.dataset.notice, ""); }
      }
    }
    return count;
  }

  async function enterprises(wanted, own) {
    let count = 0;
    for (let number = 0; number < chunks && own === turn; number += 1) {
      said.textContent = "正在查找…";
      const pages = await load(number);
      if (own !== turn) { return count; }
      for (const page of Object.keys(pages).sort()) {
        for (const [code, name, odd] of pages[page]) {
          if (folded(code).includes(wanted) || folded(name).includes(wanted)) {
            count += 1;
            if (count <= MOST) { show("enterprises/" + page + ".html#" + (odd || "e-" + code), name || code, code); }
          }
        }
      }
    }
    return count;
  }

  async function search() {
    const wanted = folded(box.value);
    turn += 1;
    const own = turn;
    hits.replaceChildren();
    if (wanted.length < 2) {
      said.textContent = wanted ? "请输入两个以上的字。" : "";
      return;
    }
    try {
      const papers = notices(wanted);
      const firms = await enterprises(wanted, own);
      if (own !== turn) { return; }
      const most = Math.max(papers, firms) > MOST ? "，各列出前" + MOST + "条" : "";
      said.textContent = papers + firms
        ? "找到公告" + papers + "份、检查对象" + firms + "户" + most + "。"
        : "没有找到。请核对写法，或按代码末位查找；确实没有列出的，没有被抽中，或者名单尚未公布。";
    } catch (_) {
      said.textContent = "查找用的文件打不开，请按代码末位查找。";
    }
  }

  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); clearTimeout(waiting); search(); });
  box.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(search, 250); });
})();
