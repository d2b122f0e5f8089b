//! Expression text to typed nodes; and the one scalar meaning of every node.
