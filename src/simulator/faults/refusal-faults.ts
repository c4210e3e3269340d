import {
  type Answer,
  type ApiRequest,
  apiError,
  html,
  loginPage,
  redirectToLogin,
} from '../api/answer.ts';
import { always, answerInstead, type Fault, faultsOfKind } from './fault.ts';

const answeredFirst = { meaning: 'how many requests are still answered', otherwise: 3 };

export const refusalFaults = faultsOfKind('refuses', {
  unauthorized: {
    description: 'Every request is answered 401, as with an unknown key.',
    wrap: answerInstead(always, keyUnknown),
  },
  'unauthorized-midway': {
    description: 'The key stops being good after some requests.',
    amount: answeredFirst,
    wrap: answerFirst(keyUnknown),
  },
  forbidden: {
    kind: 'fails',
    description: 'Every request is answered 403.',
    wrap: answerInstead(always, notAllowed),
  },
  'forbidden-midway': {
    kind: 'fails',
    description: 'Nothing may be read any more after some requests: 403.',
    amount: answeredFirst,
    wrap: answerFirst(notAllowed),
  },
  'login-redirect': {
    description: 'Every request is redirected to the login page, as without a key.',
    wrap: answerInstead(always, redirectToLogin),
  },
  'login-page': {
    kind: 'fails',
    description: 'Every request is answered 200 with the login page.',
    wrap: answerInstead(always, loginPage),
  },
  'maintenance-redirect': {
    kind: 'fails',
    description: 'Every request is redirected to another host, as by a page of maintenance.',
    wrap: answerInstead(always, () => ({
      ...html(302, ''),
      headers: { location: 'https://status.example.com/login' },
    })),
  },
  'unauthorized-once': {
    kind: 'fails',
    description: 'One request is answered 401, as with an unknown key; then all is well.',
    amount: { meaning: 'how many requests are answered before', otherwise: 0 },
    wrap: (handle, { amount }) => {
      let asked = 0;
      return (request) => {
        asked += 1;
        return asked === amount + 1 ? keyUnknown() : handle(request);
      };
    },
  },
});

function answerFirst(refuse: (request: ApiRequest) => Answer): Fault['wrap'] {
  return (handle, { amount }) => {
    let answered = 0;
    return (request) => {
      answered += 1;
      return answered <= amount ? handle(request) : refuse(request);
    };
  };
}

function keyUnknown(): Answer {
  return apiError('/api/', 401, 'api key user not found');
}

function notAllowed({ path }: ApiRequest): Answer {
  return apiError(path, 403, 'you do not have permission');
}
