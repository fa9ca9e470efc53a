// What a receipt says, in words for whoever owns the business.
const OWN_TEXTS = {
  title: ["这份回执说的是什么", "What this receipt says"],
  lead: [
    "是否在名录里、签号多少，由本页在这台设备上重新算出；名额线从哪里来，写在每项任务下面。",
    "Whether you were in the registry, and your ticket, were computed here, on this device; where each cut comes from is said below.",
  ],
  listed_head: ["您的单位在名录中", "Your business was in the registry"],
  listed: [
    "“{name}”（{id}）在抽取以前封存的检查对象名录里。这份名录共 {size} 户，封存以后改动其中任何一户都会被发现。",
    "“{name}” ({id}) was in the registry that was sealed before the draw: {size} entities, none of which could be altered unnoticed.",
  ],
  ticket_head: ["您的签号", "Your ticket"],
  ticket: [
    "签号由封存的记录和公开随机数算出，不由人选。它落在全部可能签号的 {share}% 处；越靠前越先抽中。",
    "It follows from the sealed record and the public values; nobody chooses it. It lies at {share}% of all possible tickets; the lower, the sooner drawn.",
  ],
  task: ["抽查任务 {task}", "Task {task}"],
  drawn: ["抽中", "drawn"],
  not_drawn: ["未抽中", "not drawn"],
  sent: ["在名单上", "listed"],
  outside: ["未参加", "took no part"],
  among: [
    "与您的单位同在一格的共 {size} 户，签号小的抽中，名额线是其中最后一个抽中的签号。",
    "There are {size} entities in your stratum; those with the lowest tickets are drawn, and the cut is the last ticket drawn.",
  ],
  cut: ["名额线（在 {share}% 处）", "The cut (at {share}%)"],
  below: ["您的签号没有超过名额线：抽中这项任务。", "Your ticket is not above the cut: drawn in this task."],
  above: ["您的签号在名额线以外：这项任务没有抽中。", "Your ticket is above the cut: not drawn in this task."],
  no_quota: ["这一格没有分到名额：这项任务没有抽中。", "The stratum has no quota: not drawn in this task."],
  source: [
    "这项任务的名单不在这里抽，由{source}。您的单位在封存的名单上，是这项任务的检查对象。",
    "The list of this task was {source}. Your business is on the sealed list, hence a target.",
  ],
  reason: [
    "您的单位没有参加这项任务的抽取，回执写的原因是：{reason}。",
    "Your business took no part in the draw of this task; the reason given is: {reason}.",
  ],
  cut_alone: [
    "名额线是回执自己写的，凭信；放进同一次抽取的公开包，就能重算。",
    "The cut is the receipt's own word, on trust; add the public bundle of the draw to have it computed.",
  ],
  cut_computed: ["名额线已由旁边的公开包重新算出。", "The cut was computed from the public bundle beside it."],
};
