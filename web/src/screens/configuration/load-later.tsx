import { lazy } from 'react';
import { loadFile } from '../../shell/reload.ts';

/* The larger editors, loaded when their part of the configuration is opened. */

export const MappingEditor = lazy(async () => ({
  default: (await loadFile(() => import('./mapping-editor.tsx'))).MappingEditor,
}));

export const CriteriaEditor = lazy(async () => ({
  default: (await loadFile(() => import('./criteria-editor.tsx'))).CriteriaEditor,
}));

export const FileEditor = lazy(async () => ({
  default: (await loadFile(() => import('./file-editor.tsx'))).FileEditor,
}));
