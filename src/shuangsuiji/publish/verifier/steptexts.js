// What each step is about, and what it found. `kind.step` where a kind of file has words of its own.

const STEP_TEXTS = {
  archive: [
    ["归档格式", "压缩包逐字节等于规范规定的写法，没有夹带。"],
    ["Archive", "The archive is, byte for byte, what the specification says: nothing is hidden in it."],
  ],
  manifest: [
    ["文件清单", "每个文件的长度和摘要与清单一致。"],
    ["Manifest", "Length and digest of every file are as listed."],
  ],
  signature: [
    ["出具人签名", "文件如有签名，验算签名；没有签名也可以。"],
    ["Signature", "The maker's signature, if there is one, is checked."],
  ],
  encoding: [
    ["编码", "每一行都是唯一的规范写法，不会有两种读法。"],
    ["Encoding", "Every line is in the one canonical form: it cannot be read in two ways."],
  ],
  plan: [
    ["抽查计划", "计划各项齐全、合法。"],
    ["Plan", "The plan is complete and valid."],
  ],
  registry: [
    ["检查对象名录", "名录中每一户重新求摘要，树根与承诺一致：没有多一户、少一户、改一字。"],
    ["Registry", "Every entity is hashed anew; the root equals the committed one: none added, dropped or altered."],
  ],
  strata: [
    ["分层与名额", "按计划重新剔除、分层、分格，重新算出名额。"],
    ["Strata and quotas", "Exclusions, tiers, strata and quotas follow from the plan."],
  ],
  pool: [
    ["检查人员库", "人员库和回避关系重新求摘要，与承诺一致。"],
    ["Inspectors", "Inspectors and recusals are hashed anew and equal what was committed to."],
  ],
  commitment: [
    ["承诺值", "重新算出检查对象、检查人员两个承诺值。"],
    ["Commitments", "Both commitments are computed anew."],
  ],
  notice: [
    ["承诺公告", "公告与承诺值、户数、计划一致；与上次名单相比的变化，摘要与公告所写相同。"],
    [
      "Commit notice",
      "The notice agrees with commitments, sizes and plan, and the list of changes has the digest that the notice names.",
    ],
  ],
  log: [
    ["操作日志", "日志首尾相接；封存在先，收集截止、种子、抽取在后。"],
    ["Log", "The chain is unbroken; the freeze comes first, closing, seed and draw after it."],
  ],
  seed: [
    ["公开随机数与种子", "现场投入及其签名、公开随机数的形式和随机程度合规；重新算出种子。"],
    [
      "Public values and seed",
      "Contributions and their signatures, form and entropy of the public values; the seeds are computed anew.",
    ],
  ],
  witness: [
    ["见证", "见证人所见正是本次的公告和收集截止；时间、签名逐条验算。"],
    ["Witnesses", "What they have seen is this notice and this closing; times and signatures are checked."],
  ],
  targets: [
    ["检查对象抽取", "每一户的签号重新计算，抽中的正是各格中签号最小的。"],
    ["First draw: targets", "Every ticket is computed anew: those drawn have the smallest of their stratum."],
  ],
  blocks: [
    ["编组", "抽中的户按种子重新编组。"],
    ["Blocks", "The targets are put into blocks anew."],
  ],
  assignment: [
    ["检查人员抽取", "从头重放人员抽取：结果逐字一致，人人合格、无须回避、不超上限。人员不足和放宽也一并重算。"],
    [
      "Second draw: inspectors",
      "The draw of inspectors is replayed: equal byte for byte; everyone eligible, nobody recused or above the cap. Shortages and relaxations too.",
    ],
  ],
  result: [
    ["结果摘要", "全部结果的摘要与清单一致。"],
    ["Result", "The digest of all results is as listed."],
  ],
  records: [
    ["种子公开以后的记录", "作废、更换人员、更换检查对象：首尾相接，在日志里有据，由公开随机数重新算出。"],
    [
      "Records after the seed",
      "Voiding, replacements of persons and of targets: an unbroken chain, entered in the log, and following from public values.",
    ],
  ],
  public: [
    ["与公开包核对", "公开包自身先核验一遍，再与回执比对：同一次抽取、同一条名额线、同一个位置。"],
    [
      "Beside the public bundle",
      "The public bundle is verified itself, then compared: the same draw, cuts and places.",
    ],
  ],

  "public.registry": [
    ["叶子", "名录中每一户是一片叶子，不写名称。叶子按序排列，树根与承诺一致。"],
    ["Leaves", "Every entity is a leaf without a name. They are in order, and the root equals the committed one."],
  ],
  "public.strata": [
    ["分层与名额", "每一格、每一层的叶子重新求根，与承诺一致；名额在界限以内。"],
    ["Strata and quotas", "The roots of strata and tiers are computed anew; quotas are within their bounds."],
  ],
  "public.commitment": [
    ["承诺值", "重新算出检查对象承诺值。"],
    ["Commitment", "The commitment to the targets is computed anew."],
  ],
  "public.notice": [
    ["承诺公告", "公告与承诺值、户数一致。"],
    ["Commit notice", "The notice agrees with commitment and size."],
  ],
  "public.targets": [
    ["检查对象抽取", "每片叶子的签号重新计算，抽中的正是各格中签号最小的；名单的户数相符。"],
    ["First draw: targets", "Every ticket is computed anew; as many names as leaves that were drawn."],
  ],

  "receipt.encoding": [
    ["编码", "回执是唯一的规范写法，不会有两种读法。"],
    ["Encoding", "The receipt is in the one canonical form: it cannot be read in two ways."],
  ],
  "receipt.registry": [
    ["是否在名录里", "由您单位的记录算出叶子，沿着路径一直算到封存的树根。"],
    ["In the registry", "The leaf is computed from the record; its path leads to the root that was committed to."],
  ],
  "receipt.strata": [
    ["在哪一格", "每项任务里，由叶子沿着路径算到所在一格的根。"],
    ["In which stratum", "For each task the path leads from the leaf to the root of its stratum."],
  ],
  "receipt.commitment": [
    ["承诺值", "重新算出检查对象承诺值。"],
    ["Commitment", "The commitment to the targets is computed anew."],
  ],
  "receipt.notice": [
    ["承诺公告", "公告与承诺值、户数一致。"],
    ["Commit notice", "The notice agrees with commitment and size."],
  ],
  "receipt.targets": [
    ["签号与名额线", "重新算出您单位的签号，与名额线比较。"],
    ["Ticket and cut", "The ticket is computed anew and compared with the cut."],
  ],
};

const FOUND_TEXTS = {
  archive: ["{members} 个文件，{bytes} 字节", "{members} files, {bytes} bytes"],
  manifest: ["{files} 个文件摘要相符", "digests of {files} files equal"],
  encoding: ["{lines} 行均为规范形式", "{lines} lines in canonical form"],
  signature: ["签名有效", "the signature holds"],
  plan: [
    "{authority}，计划 {id} 第 {version} 版，{tasks} 项任务",
    "{authority}, plan {id} version {version}, {tasks} tasks",
  ],
  registry: ["{size} 户，树根相符", "{size} entities, root equal"],
  strata: [
    "基数 {base} 户次，名额 {quota}，分为 {strata} 格；派发名单 {listed} 户次",
    "base {base}, quota {quota}, in {strata} strata; {listed} listed",
  ],
  pool: ["{inspectors} 人，回避 {recusals} 条，相符", "{inspectors} inspectors, {recusals} recusals, equal"],
  commitment: ["两个承诺值重新算出，与声明一致", "both commitments computed, equal to the statements"],
  notice: [
    "封存于 {time}，应于 {deadline} 前公布；名单变化 {changes} 条",
    "frozen at {time}, result due by {deadline}; {changes} changes",
  ],
  log: [
    "{entries} 条首尾相接，第 {freeze} 条为封存",
    "{entries} entries unbroken, entry {freeze} is the freeze",
  ],
  seed: [
    "{values} 个公开随机数，{bits} 比特；现场投入人 {contributions} 人",
    "{values} public values, {bits} bits; {contributions} contributions",
  ],
  witness: [
    "{statements} 份，其中 {signed} 份有签名，签名全部有效",
    "{statements} statements, {signed} of them signed; every signature holds",
  ],
  targets: ["抽中 {targets} 户、{visits} 户次", "{targets} entities, {visits} visits drawn"],
  blocks: ["{blocks} 组；可抽取 {eligible} 人", "{blocks} blocks; {eligible} eligible inspectors"],
  assignment: [
    "{slots} 个席位由 {people} 人担任，每人至多 {most} 组",
    "{slots} places, {people} people, at most {most} each",
  ],
  result: ["与清单所列一致", "equal to the one listed"],
  records: ["{records} 条，相符", "{records} records, equal"],
  public: [
    "公开包核验成立（名录 {size} 户，抽中 {targets} 户），与回执一致",
    "the public bundle holds ({targets} of {size} drawn) and agrees with the receipt",
  ],

  "public.strata": [
    "基数 {base} 户次，名额 {quota}，分为 {strata} 格；派发名单 {listed} 户次",
    "base {base}, quota {quota}, in {strata} strata; {listed} listed",
  ],
  "public.commitment": ["承诺值重新算出，与声明一致", "the commitment computed"],
  "public.notice": ["封存于 {time}，应于 {deadline} 前公布", "frozen at {time}, result due by {deadline}"],
  "public.targets": ["抽中 {targets} 户、{visits} 户次", "{targets} entities, {visits} visits drawn"],
  "receipt.encoding": ["{bytes} 字节，规范形式", "{bytes} bytes, in canonical form"],
  "receipt.registry": ["在名录里；名录共 {size} 户", "in the registry, of {size} entities"],
  "receipt.strata": ["{tasks} 项任务，列入其中 {within} 项", "in {within} of {tasks} tasks"],
  "receipt.commitment": ["承诺值重新算出，与声明一致", "the commitment computed"],
  "receipt.notice": ["封存于 {time}，应于 {deadline} 前公布", "frozen at {time}, result due by {deadline}"],
  "receipt.targets": ["{tasks} 项任务中抽中或者派发 {drawn} 项", "drawn or listed in {drawn} of {tasks} tasks"],

  unsigned: ["没有签名", "not signed"],
  no_records: ["没有记录", "no records"],
  failed: [
    "人员不足 {shortages} 次，放宽 {applied} 级后仍派不齐；没有派出人员",
    "{shortages} shortages, also with {applied} relaxations: no inspectors were assigned",
  ],
};
