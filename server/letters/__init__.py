"""Letters: Markdown with {{ FEEL }} places to HTML, plain text and text message; fetches nothing."""

from server.letters.letter import Letter, Rendered, preview, read_letter, render

__all__ = ["Letter", "Rendered", "preview", "read_letter", "render"]
