// A receipt in words for whoever owns the business.

const own = (name, values = {}) => fill(pick(OWN_TEXTS[name]), values);

/** How far along a ticket lies, among all that there could be, in per cent. */
const share = (ticket) => ((100 * parseInt(ticket.slice(0, 12), 16)) / 2 ** 48).toFixed(4);

const standing = ({ outside, source, drawn }) =>
  outside !== undefined ? "outside" : source ? "sent" : drawn ? "drawn" : "not_drawn";
const outcomeText = (task) => `${shown(task.id)} ${own(standing(task))}`;

function renderOwn() {
  const shows = holds() && state.kind === "receipt";
  $("own").hidden = !shows;
  if (!shows) return;
  const { registry, targets } = state.facts;
  const { id, size } = registry;
  $("own-facts").replaceChildren(
    element("h3", { text: own("listed_head") }),
    element("p", { text: own("listed", { name: shown(registry.name), id: shown(id), size: count(size) }) }),
    element("h3", { text: own("ticket_head") }),
    groups(targets.ticket),
    element("p", { text: own("ticket", { share: share(targets.ticket) }) }),
    ...targets.tasks.map(taskCard),
  );
}

function taskCard(task) {
  const stands = standing(task),
    badge = element("span", { class: `badge stands-${stands}`, text: own(stands) }),
    head = element("div", { class: "head" }, element("h3", { text: own("task", { task: shown(task.id) }) }), badge);
  return element("div", { class: "statement", "data-task": task.id, "data-stands": stands }, head, ...taskLines(task));
}

function taskLines({ outside, source, cut, drawn, size }) {
  const line = (name, values) => element("p", { text: own(name, values) });
  if (outside !== undefined) return [line("reason", { reason: nameOf(outside) })];
  if (source) return [line("source", { source: nameOf(source) })];
  const among = line("among", { size: count(size) }),
    word = line(state.beside ? "cut_computed" : "cut_alone");
  word.className = "note";
  if (!cut) return [line("no_quota"), word];
  return [among, line("cut", { share: share(cut) }), groups(cut), line(drawn ? "below" : "above"), word];
}
