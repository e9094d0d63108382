import type { Connection } from '#lib/server/platform/database/store.ts';
import { SignInOriginRepository } from './sign-in-origin.repository.ts';

export const signInLimitRepositories = ({ prisma }: Connection) => ({
	signInOrigins: new SignInOriginRepository(prisma)
});

export type SignInLimitRepositories = ReturnType<typeof signInLimitRepositories>;
