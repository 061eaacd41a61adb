/** Names in an attribute: `a,b`, or a JSON list of texts where names hold commas. */
export function attributeList(text: string | null): readonly string[] {
  if (text === null) return [];
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) {
    try {
      const list: unknown = JSON.parse(trimmed);
      if (Array.isArray(list)) return list.filter((name) => typeof name === 'string');
    } catch {
      // A column may be called so.
    }
  }
  return trimmed
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
