import type { RepositoriesOf } from '#lib/server/platform/database/store.ts';
import { SignInOriginRepository } from './sign-in-origin.repository.ts';

export const signInLimitRepositories = {
	signInOrigins: SignInOriginRepository
};

export type SignInLimitRepositories = RepositoriesOf<typeof signInLimitRepositories>;
