/** Blocks its process for years: objects of 40 levels have 2^40 parts to compare, and no limit of JSONata's counts. */
export const blocking =
  '($build := function() { $reduce([1..40], function($o, $n) { {"a": $o, "b": $o} }, {}) }; $build() = $build())';

/** Takes all memory within a second. */
export const devouring = '$count($split($pad("x", 100000000, "a,"), ","))';

/** Each blocked or ended a process that evaluated it without limits, or was built to. */
export const bombs: Readonly<Record<string, string>> = {
  blocking,
  devouring,
  recursion: '($f := function($n) { 1 + $f($n) }; $f(0))',
  'tail recursion': '($f := function($n) { $f($n) }; $f(0))',
  'padding to a gigabyte': '$pad("x", 1e9)',
  'padding to half a gigabyte': '$uppercase($pad("x", 500000000, "ab"))',
  'a long range': '[1..10000000]',
  'ranges of ranges': '$sum([1..9999].([1..9999]))',
  'a regular expression': '$match($pad("a", 60, "a"), /^a*a*a*a*a*a*a*a*b/)',
  'a replacement': '$replace($pad("a", 200000, "a"), /a*b/, "")',
  'texts that double': '$reduce([1..60], function($s, $n) { $s & $s }, "xx")',
  'half a gigabyte by doubling':
    '$contains($uppercase($reduce([1..27], function($s, $n) { $s & $s }, "xx")), "y")',
  'lists that double': '$reduce([1..40], function($l, $n) { $append($l, $l) }, [1, 2])',
  'objects that double': '$reduce([1..60], function($o, $n) { {"a": $o, "b": $o} }, {})',
  'reducing within reducing':
    '$reduce([1..9999], function($a, $b) { $reduce([1..9999], function($c, $d) { $c + $d }) })',
  'mapping within mapping':
    '$map([1..9999], function($v) { $map([1..9999], function($w) { $w }) })',
  sorting: '$sort([1..9999], function($a, $b) { $a < $b })',
  'a huge message': '$error($reduce([1..18], function($s, $n) { $s & $s }, "xx"))',
  'a message that is too large': '$error($pad("x", 100000000, "y"))',
  'a large text': '$pad("x", 100000)',
};

/** Results that are no value of a member, and must not stop the process that receives them. */
export const oddResults: Readonly<Record<string, string>> = {
  'a function': '$uppercase',
  'a function of its own': 'function($x) { $x }',
  'a list of functions': '[function($x) { $x }]',
  'a deep list': '$reduce([1..500], function($l, $n) { [[$l]] }, [1])',
  'a deep object': '$reduce([1..500], function($o, $n) { {"a": $o} }, {})',
  'a long list': '[1..9999]',
  'a list of lists': '$zip([1..9999], [1..9999])',
};
