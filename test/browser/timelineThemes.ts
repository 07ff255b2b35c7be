/** The colours that VS Code's own themes give a webview: those that the timeline reads. */

const FONT = {
  '--vscode-font-family': 'system-ui, "DejaVu Sans", sans-serif',
  '--vscode-font-size': '13px',
};

export const THEMES = {
  dark: {
    bodyClass: 'vscode-dark',
    colours: {
      ...FONT,
      '--vscode-panel-background': '#181818',
      '--vscode-panel-border': '#2b2b2b',
      '--vscode-foreground': '#cccccc',
      '--vscode-descriptionForeground': '#9d9d9d',
      '--vscode-disabledForeground': '#cccccc80',
      '--vscode-focusBorder': '#0078d4',
      '--vscode-charts-blue': '#3794ff',
      '--vscode-charts-orange': '#d18616',
      '--vscode-charts-red': '#f14c4c',
      '--vscode-charts-purple': '#b180d7',
      '--vscode-charts-yellow': '#cca700',
      '--vscode-charts-green': '#89d185',
      '--vscode-contrastBorder': '',
    },
  },
  light: {
    bodyClass: 'vscode-light',
    colours: {
      ...FONT,
      '--vscode-panel-background': '#f8f8f8',
      '--vscode-panel-border': '#e5e5e5',
      '--vscode-foreground': '#3b3b3b',
      '--vscode-descriptionForeground': '#3b3b3b',
      '--vscode-disabledForeground': '#61616180',
      '--vscode-focusBorder': '#005fb8',
      '--vscode-charts-blue': '#1a85ff',
      '--vscode-charts-orange': '#d18616',
      '--vscode-charts-red': '#e51400',
      '--vscode-charts-purple': '#652d90',
      '--vscode-charts-yellow': '#bf8803',
      '--vscode-charts-green': '#388a34',
      '--vscode-editorHoverWidget-background': '#f8f8f8',
      '--vscode-list-activeSelectionBackground': '#e8e8e8',
      '--vscode-list-activeSelectionForeground': '#000000',
      '--vscode-list-inactiveSelectionBackground': '#e4e6f1',
      '--vscode-contrastBorder': '',
    },
  },
  'high contrast': {
    bodyClass: 'vscode-high-contrast',
    colours: {
      ...FONT,
      '--vscode-panel-background': '#000000',
      '--vscode-panel-border': '#6fc3df',
      '--vscode-foreground': '#ffffff',
      '--vscode-descriptionForeground': '#ffffffb3',
      '--vscode-disabledForeground': '#a5a5a5',
      '--vscode-focusBorder': '#f38518',
      '--vscode-charts-blue': '#3794ff',
      '--vscode-charts-orange': '#ea5c00',
      '--vscode-charts-red': '#f48771',
      '--vscode-charts-purple': '#b180d7',
      '--vscode-charts-yellow': '#ffcc00',
      '--vscode-charts-green': '#89d185',
      '--vscode-editorHoverWidget-background': '#0c141f',
      '--vscode-contrastBorder': '#6fc3df',
    },
  },
} as const;
export type ThemeName = keyof typeof THEMES;
