/** Everything a password sign-in needs, in one row. */
export interface SignInUser {
	readonly id: string;
	readonly email: string;
	readonly name: string;
	readonly isAdmin: boolean;
	readonly profileImagePath: string;
	readonly shouldChangePassword: boolean;
	readonly passwordHash: string | null;
	readonly passwordExpiresAt: Date | null;
	readonly onboarding: unknown;
}
