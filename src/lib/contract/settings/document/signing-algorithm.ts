import { settingText, surroundingSpaces } from './fields.ts';

/** Supported signing algorithms: asymmetric ones, whose keys providers publish. */
const algorithms: readonly string[] = [
	'RS256',
	'RS384',
	'RS512',
	'PS256',
	'PS384',
	'PS512',
	'ES256',
	'ES384',
	'ES512',
	'EdDSA',
	'Ed25519'
];

/** Whether it is the exact name of an algorithm that ID tokens can be signed with. */
export const isSigningAlgorithm = (text: string): boolean => algorithms.includes(text);

/** Why an algorithm can never work; null if it can. */
function findProblem(text: string, alternative: string): string | null {
	// An empty setting falls back to its default.
	if (text === '' || text === alternative || isSigningAlgorithm(text)) return null;
	const trimmed = text.trim();
	if (trimmed === '') return 'Enter an algorithm, for example RS256';
	const meant = [alternative, ...algorithms].find(
		(name) => name.toLowerCase() === trimmed.toLowerCase() && name !== ''
	);
	if (meant !== undefined && meant === trimmed) return surroundingSpaces;
	if (meant !== undefined) return `Write it as ${meant}: upper and lower case matter`;
	if (/^hs\d+$/i.test(trimmed))
		return `${trimmed.toUpperCase()} is not supported, because it signs with the client secret. Choose RS256 or ES256 here and at the provider`;
	if (/^none$/i.test(trimmed)) return 'ID tokens must be signed. Choose RS256 or ES256 here and at the provider';
	return `This algorithm is unknown. Use one of ${algorithms.join(', ')}`;
}

const algorithm = (alternative: string) =>
	settingText.superRefine((text, context) => {
		const message = findProblem(text, alternative);
		if (message !== null) context.addIssue({ code: 'custom', message });
	});

export const signingAlgorithm = algorithm('');
/** A userinfo response can be plain JSON. */
export const profileSigningAlgorithm = algorithm('none');
