//! View and template to text: Markdown and HTML.
