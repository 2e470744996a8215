"""Fuzzing of what reads files: ``make fuzz``; docs/fuzzing.md has what the last long runs said.

``targets`` are the readers and commands with the property that must hold, ``seeds`` what inputs begin
with, ``mutations`` how they are changed; ``generated`` drives them by Hypothesis, ``guided`` by atheris,
whose choice is guided by coverage. ``__main__`` runs both and writes the page.
"""
