import { lazy } from 'react';

/* The larger editors, loaded when their part of the configuration is opened. */

export const MappingEditor = lazy(async () => ({
  default: (await import('./mapping-editor.tsx')).MappingEditor,
}));

export const CriteriaEditor = lazy(async () => ({
  default: (await import('./criteria-editor.tsx')).CriteriaEditor,
}));

export const FileEditor = lazy(async () => ({
  default: (await import('./file-editor.tsx')).FileEditor,
}));
