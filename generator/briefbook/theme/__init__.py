"""The theme laid over Material, as an installed theme: `theme: name: briefbook` in `mkdocs.yml` finds it anywhere."""
