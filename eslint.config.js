import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
	{
		ignores: [
			'.svelte-kit/',
			// Not part of any TypeScript project.
			'bench/empty-app/',
			'build/',
			'data/',
			'node_modules/',
			'tests/support/*.cjs',
			'src/lib/server/platform/generated/',
			'test-results/'
		]
	},
	js.configs.recommended,
	...ts.configs.strictTypeChecked,
	...svelte.configs.recommended,
	{
		languageOptions: {
			globals: { ...globals.browser, ...globals.node },
			parserOptions: { projectService: true, extraFileExtensions: ['.svelte'], tsconfigRootDir: import.meta.dirname }
		},
		rules: {
			// The app is always served from the root of its host.
			'svelte/no-navigation-without-resolve': 'off',
			'no-undef': 'off',
			'@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_$', ignoreRestSiblings: true }
			],
			// redirect() and error() of SvelteKit throw objects that are no Error, by design.
			'@typescript-eslint/only-throw-error': 'off',
			// The void type stands for 'no reply' in the contract.
			'@typescript-eslint/no-invalid-void-type': 'off',
			// Code points are what passwords, initials and colours are counted by.
			'@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
			// Lucia says by Record<never, never> that there are no attributes.
			'@typescript-eslint/no-generated-empty-object-type': 'off',
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
			'@typescript-eslint/no-confusing-void-expression': 'off'
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } }
	},
	{
		// Types are svelte-check's matter: here the whole program would be checked anew for every component.
		files: ['**/*.svelte'],
		extends: [ts.configs.disableTypeChecked],
		languageOptions: { parserOptions: { parser: ts.parser, svelteConfig, projectService: false, project: false } }
	},
	{
		files: ['tests/e2e/**'],
		rules: {
			// A browser's storage is looked at whole, as JSON.
			'@typescript-eslint/no-misused-spread': 'off'
		}
	},
	{
		files: ['bin/*.mjs', 'scripts/*.mjs', '*.config.js', 'static/*.js'],
		extends: [ts.configs.disableTypeChecked]
	}
);
