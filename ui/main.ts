import './styles/tokens.css';
import './styles/shell.css';
import './styles/panel.css';
import './styles/grid.css';
import { Page } from './page.ts';
import { AppShell } from './shell/app-shell.ts';
import { defineElements } from './shell/define-elements.ts';

defineElements(customElements);
const page = new Page(window);
const shell = new AppShell();
shell.model = page.model;
document.body.append(shell);
