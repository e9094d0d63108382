/** In Immich's order: the position determines a user's default color. */
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

/** Returns a user's default color, the same as Immich's clients compute. */
export function getAvatarColor(email: string): AvatarColor {
	let sum = 0;
	for (const character of email) sum += character.codePointAt(0) ?? 0;
	return getAvatarColorBySum(sum);
}

/** Returns the color for the sum of an email's code points. */
export const getAvatarColorBySum = (sum: number): AvatarColor => avatarColors[sum % avatarColors.length] ?? 'primary';
