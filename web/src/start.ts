import { mount } from 'svelte';
import App from './App.svelte';

/** Show the page, once what it asks for is on its way. */
export function start(target: HTMLElement): void {
  mount(App, { target });
}
