// What stands out in a paragraph: the same reading of its numbering as app/documents/paragraphs.py,
// so that the editor shows while somebody types what the paper will show (7.3.3).

export const LONGEST_HEADING = 54; // characters; a longer first sentence is text

const NUMERAL = "[一二三四五六七八九十百零〇]+";
const LEVELS = [
  new RegExp(`^${NUMERAL}、`),
  new RegExp(`^[（(]${NUMERAL}[）)]`),
  /^\p{Decimal_Number}{1,3}[.．、](?!\p{Decimal_Number})/u,
  /^[（(]\p{Decimal_Number}{1,3}[）)]/u,
];
const CHAPTER = new RegExp(`^第${NUMERAL}[编章节]\\s*[^。；：]{0,26}$`, "u");
const ARTICLE = new RegExp(`^第${NUMERAL}条(?=\\s|$)`);

export const isArticle = (text) => ARTICLE.test(text.trim());

/** `{part, level, head}` of a line; `head` counts the characters that stand out at its beginning. */
export function heading(text, ofArticles = false) {
  const line = text.trim();
  if (CHAPTER.test(line)) return { part: "chapter", level: 0, head: [...line].length };
  const article = ARTICLE.exec(line);
  if (article) return { part: "article", level: 0, head: [...article[0]].length };
  const level = LEVELS.findIndex((each) => each.test(line)) + 1;
  return { part: "text", level, head: level && !ofArticles ? headOf(line) : 0 };
}

function headOf(line) {
  const { sentence, stop, rest } = parted(line);
  const length = [...sentence].length;
  if (length > LONGEST_HEADING || sentence.includes("；")) return 0;
  if (stop ? !rest : /[，：]$/.test(sentence)) return 0; // a single sentence, or what introduces a list
  return length + stop.length;
}

/** Of a line whose level was set by hand the first sentence stands out. */
export const firstSentence = (line) => parted(line).sentence.length + parted(line).stop.length;

function parted(line) {
  const at = line.indexOf("。");
  return at < 0 ? { sentence: line, stop: "", rest: "" } : { sentence: line.slice(0, at), stop: "。", rest: line.slice(at + 1) };
}
