/** What has the focus in the tree that the node is in: a document, or the shadow tree of a custom element. */
export function focusedElement(node: Node): Element | null {
  const root = node.getRootNode();
  return root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null;
}
