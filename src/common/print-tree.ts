/** A line of text with the lines that hang below it. */
export interface TextTree {
  readonly label: string;
  readonly children: readonly TextTree[];
}

/** Draws a tree with box characters, one label a line. */
export function printTree(tree: TextTree): string {
  return [tree.label, ...printChildren(tree.children, "")].join("\n");
}

function printChildren(children: readonly TextTree[], indent: string): string[] {
  return children.flatMap((child, index) => {
    const isLast = index === children.length - 1;
    const line = `${indent}${isLast ? "└── " : "├── "}${child.label}`;
    return [line, ...printChildren(child.children, `${indent}${isLast ? "    " : "│   "}`)];
  });
}
