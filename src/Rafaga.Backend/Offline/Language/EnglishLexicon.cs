using System.Collections.Frozen;

namespace Rafaga.Backend.Offline.Language;

internal static class EnglishLexicon
{
    public static Lexicon Instance { get; } = new()
    {
        CreateEvent =
        [
            new("create|make|add|start|open|begin|creating a|an|another|the|me? new? event|album new? called|named|titled|with|for? the? name|title? of? {X?}"),
            new("a|an|another? new event|album called|named|titled|with|for? the? name|title? of? {X?}"),
            new("an event|album called|named|titled {X}"),
        ],
        ListEvents =
        [
            new("list|show|see|view|what|which? are|me|of? all? my|the|of? events|albums have|do|i|exist|are|there?"),
            new("what|which|how many? events|albums do|have|are? i|you|there? have|know?"),
            new("list|show of|me? events|albums"),
            new("events"),
        ],
        Search =
        [
            new("look for|up my|the|some? photos|photo|pictures|memories|memory? of|with|about|from? the|a|an? {X}"),
            new("search|find my|the|me|some? for? photos|photo|pictures|memories|memory|something|anything|everything? of|with|about|for|in? the|a|an? {X}"),
        ],
        Recall =
        [
            new("show me ~ memories|photos|pictures|event? of|from|about|with|in|at? the|my? {X?}"),
            new("show ~ memories|photos|pictures of|from|about|with|in|at? the|my? {X?}"),
            new("see|view my|the|all? photos|pictures|memories of|from|about|with|in? the|my? {X?}"),
            new("what do|can? you remember|recall about|of|from? the|my? {X?}"),
            new("what do you know|have about|of|from|on the|my? {X}"),
            new("what photos|pictures|memories do|have you|i|we? have|saved|got? of|from|about? the|my? {X?}"),
            new("do? you? remember about? the|my? {X}"),
            new("tell me what? you? remember|know|everything|something? about|of|from the|my? {X}"),
            new("do|have you have|got|saved ~ photos|pictures|pics|memories of|from|about|with the|my? {X}"),
            new("remind me of|about the|my? {X}"),
            new("my memories"),
        ],
        Help =
        [
            new("help|commands|instructions|options"),
            new("help me ~"),
            new("what|how ~ can you|i do|ask|help ~"),
            new("how does|do? ~ this|you|it|i work|works|use ~"),
            new("what|who are you ~"),
            new("what do you do ~"),
            new("are you ~ ai|bot|robot|human|real|person|machine ~"),
        ],
        Sight =
        [
            new("can|do|could you see|view ~"),
            new("did|have you see|seen ~"),
        ],
        Delete =
        [
            new("delete|remove|erase {X?}"),
        ],
        Move =
        [
            new("move|put|add|save|file ~ into|in|to|under the|my? event|album? {X}"),
        ],
        MoveHere =
        [
            new("move|put|add|save|file|keep ~ there|here"),
        ],
        Belongs =
        [
            new("~ for the|my? event|album? {X}"),
            new("~ from|in|into|to|of|under the|my? event|album {X}"),
            new("save|store|file|put|add ~ in|into|to|under the|my? {X}"),
            new("use|switch|change|pick|select to|the? event|album {X}"),
        ],
        MayBelong =
        [
            new("~ from|of the|my? {X}"),
        ],

        Lead = new("hi hello hey please can could would you i want to like need lets let me us ok okay now and then also so well just ráfaga rafaga bot id wanna"),
        Tail = new("please pls thanks thx now ok"),
        And = new("and then also"),
        Command = new("create save put add move search find show store"),

        Filler = new("video videos recording recordings look see check out at this these those that the photo photos pic pics picture pictures image images here are is some more another few a my of it them they i we you me please pls got have here's theres sending send sent just and now new last one ones for save keep store put add have everyone all wow beautiful amazing funny gorgeous pretty ráfaga rafaga lol xd"),
        Greeting = new("hi hello hey hiya yo morning afternoon evening start whats", "good night how are you doing there up"),
        Thanks = new("thanks thank thx ty cheers great perfect awesome nice cool lovely brilliant", "you so much very many lot a"),
        Shrug = new("dont no idk nope nothing none not skip nah never nevermind cant stop cancel forget", "i do know idea remember special really sure recall mind rather say much whatever to clue"),
        Agree = new("yes yeah yep yup sure ok okay right correct exactly fine", "please do it go ahead create sounds good"),
        Interrogative = new("what who when where how which why is are was were do does did can could would will have has should"),

        Here = new("there here it that this one"),
        NoEvent = new("you me us now later fun real example sure once ever him her them it that this today yesterday tomorrow tonight good what when a"),
        EventNoun = new("event events album"),
        Light = new("the a an of at in on for from and to with my our your his her their it is was were that this"),
        Articles = ["the"],
        Owning = new("the my our"),
        Person = new("sister brother mother mom mum father dad parents daughter son kids child children baby grandma grandmother grandpa grandfather aunt uncle cousin wife husband girlfriend boyfriend friend friends dog cat family people"),
        Verb = new("is are was were had has have did we i he she they you which who went came looks looked its thats hes shes heres theres"),
        ItWas = new("it was that they were"),
        Occasion = new("wedding christening housewarming thanksgiving evening morning outing"),

        Ordinals = Table("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th", "seventh 7th", "eighth 8th", "ninth 9th", "tenth 10th"),
        Numbers = Table("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        Last = new("last final"),
        GroupFirst = new("first"),
        GroupLast = new("last"),
        Rest = new("rest others other"),
        One = new("the"),
        Many = new("the"),
        Preposition = new("in on"),
        PhotoNoun = new("photo photos picture pictures pic pics image images number one ones"),
        Copula = new("is are"),
        AfterPlace = new("is are was were shows show has have with we i my our a an the its it im he she they theres you photo picture pic one no not me"),
        NotAPlace = new("time day night part week year month floor row thing place wedding date person drink round dinner course half birthday of"),
    };

    private static FrozenDictionary<string, int> Table(params string[] rows) => rows
        .SelectMany((row, index) => row.Split(' ').Select(word => (Key: Words.Fold(word), Value: index + 1)))
        .ToFrozenDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
}
