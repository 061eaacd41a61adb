import './styles/tokens.css';
import './styles/parts.css';
import './styles/shell.css';
import './styles/panel.css';
import './styles/popover.css';
import './styles/grid.css';
import './styles/grid-menu.css';
import { Page } from './page.ts';
import { AppShell } from './shell/app-shell.ts';
import { defineElements } from './shell/define-elements.ts';

defineElements(customElements);
const page = new Page(window);
const shell = new AppShell();
shell.model = page.model;
document.body.append(shell);
