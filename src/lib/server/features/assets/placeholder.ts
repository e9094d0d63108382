/** A picture of our own in place of one that can't be made: a film frame or a photo, in colors that suit light and dark. */
export const buildPlaceholder = (type: string): Uint8Array =>
	new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">
<rect width="400" height="400" fill="#8b93a7"/>
<g fill="none" stroke="#fff" stroke-width="12" stroke-linejoin="round" stroke-linecap="round" opacity=".9">
${
	type === 'VIDEO'
		? '<rect x="95" y="125" width="210" height="150" rx="18"/><path d="M180 165v70l58-35z" fill="#fff"/>'
		: '<rect x="95" y="115" width="210" height="170" rx="18"/><circle cx="155" cy="170" r="18"/><path d="M100 265l65-60 40 35 45-50 50 55"/>'
}
</g>
</svg>`);
