// The share row: what <comments-share> becomes.

export function mount(host: HTMLElement): void {
  host.shadowRoot?.replaceChildren();
}
