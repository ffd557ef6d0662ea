// Whether the canvas can keep a file whole. It is read and written once before anybody draws, and
// what comes out is compared with what went in: elements, attributes, texts, extensions. A file of
// which something would be lost is only shown.

const XSI = "http://www.w3.org/2001/XMLSchema-instance";

// Attributes that say what holds anyway (defaults of the BPMN schema); the library leaves them out.
const USUAL = new Set([
  "isSequential=false", "textFormat=text/plain", "cancelActivity=true", "isInterrupting=true", "parallelMultiple=false", "isUnlimited=true",
  "isCollection=false", "completionQuantity=1", "startQuantity=1", "isForCompensation=false", "isClosed=false", "triggeredByEvent=false",
  "instantiate=false", "associationDirection=None", "itemKind=Information", "waitForCompletion=true", "testBefore=false", "gatewayDirection=Unspecified",
  "cancelRemainingInstances=true", "processType=None", "isImmediate=true", "resolution=0", "ordering=Parallel", "eventGatewayType=Exclusive",
  "typeLanguage=http://www.w3.org/2001/XMLSchema", "expressionLanguage=http://www.w3.org/1999/XPath",
]);
const SAME = { formalExpression: "expression" }; // the schema lets one stand for the other

/** A value that may be a name with a prefix, with its namespace instead. */
function qualified(element, value) {
  const [prefix, name] = value.includes(":") ? value.split(":") : [null, value];
  return `${element.lookupNamespaceURI(prefix)} ${name}`;
}

function facts(xml) {
  const found = new Map();
  const add = (...parts) => {
    const key = parts.join("\u0001");
    found.set(key, (found.get(key) ?? 0) + 1);
  };
  for (const element of new DOMParser().parseFromString(xml, "text/xml").querySelectorAll("*")) {
    const name = `${element.namespaceURI} ${SAME[element.localName] ?? element.localName}`;
    add("element", name, element.parentElement?.localName ?? "", element.children.length ? "" : element.textContent.trim());
    for (const { namespaceURI, localName, prefix, name: whole, value } of element.attributes) {
      if (prefix === "xmlns" || whole === "xmlns" || USUAL.has(`${localName}=${value}`)) continue;
      const type = namespaceURI === XSI && localName === "type";
      if (type && SAME[element.localName]) continue;
      add("attribute", name, element.id, namespaceURI ?? "", localName, type ? qualified(element, value) : value);
    }
  }
  return found;
}

/** Names of what a file would lose by being written: elements, or attributes of them. */
export function lost(before, after) {
  const kept = facts(after);
  return [...facts(before)].filter(([key, count]) => (kept.get(key) ?? 0) < count).map(([key]) => {
    const [kind, name, , , attribute] = key.split("\u0001");
    return kind === "element" ? name.split(" ")[1] : `${name.split(" ")[1]} 的 ${attribute}`;
  });
}
