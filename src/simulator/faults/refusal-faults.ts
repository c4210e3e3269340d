import {
  type Answer,
  type ApiRequest,
  apiError,
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
    description: 'Every request is answered 403.',
    wrap: answerInstead(always, notAllowed),
  },
  'forbidden-midway': {
    description: 'The key may no longer read anything after some requests: 403.',
    amount: answeredFirst,
    wrap: answerFirst(notAllowed),
  },
  'login-redirect': {
    description: 'Every request is redirected to the login page, as without a key.',
    wrap: answerInstead(always, redirectToLogin),
  },
  'login-page': {
    description: 'Every request is answered 200 with the login page.',
    wrap: answerInstead(always, loginPage),
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
