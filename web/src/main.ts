import './app.css';
import { askEarly } from './lib/early';

askEarly();
const target = document.getElementById('atlas');
void import('./start').then(({ start }) => target && start(target));
