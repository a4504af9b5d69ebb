"""Pictures: grammars as graphs, weights as heat maps, memory as time lines, and the page that shows a network think."""
