/** In Immich's order: the position decides the colour of a user who has chosen none. */
export const avatarColors = [
	'primary',
	'pink',
	'red',
	'yellow',
	'blue',
	'green',
	'purple',
	'orange',
	'gray',
	'amber'
] as const;

export type AvatarColor = (typeof avatarColors)[number];

/** Gives the colour of a user who has chosen none, the same one that Immich's clients expect. */
export function avatarColorOf(email: string): AvatarColor {
	let sum = 0;
	for (const character of email) sum += character.codePointAt(0) ?? 0;
	return avatarColorOfSum(sum);
}

/** Gives the colour for the sum of an e-mail's code points. */
export const avatarColorOfSum = (sum: number): AvatarColor => avatarColors[sum % avatarColors.length] ?? 'primary';
